"""Image classification: networks that predict which class a small image belongs to."""

from deepzoo import lazy_hook

register_tasks = lazy_hook(__name__, "task:ImageClassification")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
