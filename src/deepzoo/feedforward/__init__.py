"""Layers of trained networks in NumPy, forward only, written to be read.

Each is the equation of its docstring in a few lines, takes the weights of the Keras layer of that
name in Keras' layout, and is tested against it. Images are [n, height, width, channels].
"""

from .convolution import BatchNormalization, Convolution, global_average_pooling, max_pooling
from .dense import Dense, relu
from .threads import one_blas_thread

__all__ = [
    "BatchNormalization",
    "Convolution",
    "Dense",
    "global_average_pooling",
    "max_pooling",
    "one_blas_thread",
    "relu",
]
