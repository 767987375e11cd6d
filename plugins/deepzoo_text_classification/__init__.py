"""Text classification: networks that tell what a text is about, how it is meant or who wrote it."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .models import TextClassifier
    from .ngrams import NGrams
    from .prepare import Whole
    from .tokens import Tokens

__all__ = ["NGrams", "TextClassifier", "Tokens", "Whole"]

__getattr__ = lazy_names(__name__, "models", "ngrams", "tokens", "prepare")

register_tasks = lazy_hook(__name__, "task:TextClassification")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
