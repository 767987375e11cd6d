"""Translation: networks that translate sentences from one language into another."""

from deepzoo import lazy_hook

register_tasks = lazy_hook(__name__, "task:Translation")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
