"""Layers of trained networks in NumPy, written to be read: dense, convolution, attention.

Each is a few lines and computes what the Keras layer of its name computes in use; the tests
compare the two. Names are those of Goodfellow, Bengio and Courville, Deep Learning (2016), and of
Vaswani and others, Attention Is All You Need (2017). Weights have the layout of Keras. Recurrent
layers are in `deepzoo.recurrent`.
"""

from __future__ import annotations

from .attention import MultiHeadAttention, positional_encoding
from .convolution import BatchNormalization, Convolution, global_average_pooling, max_pooling
from .dense import Dense, relu
from .normalization import LayerNormalization
from .threads import one_blas_thread

__all__ = [
    "BatchNormalization",
    "Convolution",
    "Dense",
    "LayerNormalization",
    "MultiHeadAttention",
    "global_average_pooling",
    "max_pooling",
    "one_blas_thread",
    "positional_encoding",
    "relu",
]
