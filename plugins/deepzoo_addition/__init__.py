"""Addition: networks that read a sum as text and write the result."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .models import SumModel
    from .networks import KerasSumNetwork
    from .numpy_networks import SumNetwork
    from .prepare import Encoding, encoding_of
    from .sums import Question

__all__ = ["Encoding", "KerasSumNetwork", "Question", "SumModel", "SumNetwork", "encoding_of"]

__getattr__ = lazy_names(__name__, "models", "numpy_networks", "sums", "prepare", "networks")

register_tasks = lazy_hook(__name__, "task:Addition")
register_datasets = lazy_hook(__name__, "datasets:Sums")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
