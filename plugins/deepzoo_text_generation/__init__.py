"""Text generation: networks that read a text token by token and learn to continue it."""

from deepzoo import lazy_hook

register_tasks = lazy_hook(__name__, "task:TextGeneration")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
