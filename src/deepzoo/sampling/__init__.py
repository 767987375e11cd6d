"""Drawing tokens from networks that emit one at a time: for plugins.

`generate` runs any `Stepper` in NumPy; `generate_compiled` runs a network of Keras
operations in one compiled loop.
"""

from .compiled_loop import generate_compiled
from .compilers import compiled_once
from .sampler import PLAIN, Sampling, choose, filter_logits, generate, gumbel, streams

__all__ = [
    "PLAIN",
    "Sampling",
    "choose",
    "compiled_once",
    "filter_logits",
    "generate",
    "generate_compiled",
    "gumbel",
    "streams",
]
