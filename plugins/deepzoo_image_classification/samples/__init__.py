"""Stand-in images, drawn from a seed."""
