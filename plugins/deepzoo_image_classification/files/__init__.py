"""Files of images: formats, photos, folders."""
