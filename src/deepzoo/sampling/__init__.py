"""Sampling from networks that emit one token at a time: for plugins.

`generate` runs any `Stepper` in NumPy; `generate_compiled` runs a network of Keras
operations in one compiled loop.
"""

from .compiled_loop import generate_compiled
from .compilers import compiled_once
from .plan import gumbel, streams
from .sampler import PLAIN, ReadingProgress, Sampling, filter_logits, generate

__all__ = [
    "PLAIN",
    "ReadingProgress",
    "Sampling",
    "compiled_once",
    "filter_logits",
    "generate",
    "generate_compiled",
    "gumbel",
    "streams",
]
