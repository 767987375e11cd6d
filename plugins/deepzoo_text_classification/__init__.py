"""Text classification: networks that tell what a text is about, how it is meant or who wrote it."""

from deepzoo import lazy_hook

register_tasks = lazy_hook(__name__, "task:TextClassification")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
