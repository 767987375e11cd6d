"""Translation: networks that translate sentences from one language into another."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .beam_search import Hypothesis
    from .layers import DecoderLayer, EncoderLayer, PositionalEncoding
    from .models import TranslationModel
    from .networks import Seq2SeqNetwork, TranslationNetwork
    from .prepare import vocabularies_of
    from .vocabulary import END, PAD, START, UNKNOWN, Vocabulary

__all__ = [
    "END",
    "PAD",
    "START",
    "UNKNOWN",
    "DecoderLayer",
    "EncoderLayer",
    "Hypothesis",
    "PositionalEncoding",
    "Seq2SeqNetwork",
    "TranslationModel",
    "TranslationNetwork",
    "Vocabulary",
    "vocabularies_of",
]

__getattr__ = lazy_names(
    __name__, "models", "vocabulary", "beam_search", "prepare", "networks", "layers"
)

register_tasks = lazy_hook(__name__, "task:Translation")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
