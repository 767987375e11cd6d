"""Text classification: networks that tell what a text is about, how it is meant or who wrote it."""

from deepzoo import lazy_hook

register_datasets = lazy_hook(__name__, "datasets:DATASETS")
