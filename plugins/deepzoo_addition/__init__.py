"""Addition: networks that read a sum as text and write the result."""

from deepzoo import lazy_hook

register_tasks = lazy_hook(__name__, "task:Addition")
register_datasets = lazy_hook(__name__, "datasets:Sums")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
