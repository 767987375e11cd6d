"""Recurrent networks from scratch, in NumPy alone.

The readable reference: forward and backward of the tanh RNN, the LSTM and the GRU, one line
per equation, named as in Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 10;
held to Keras' own layers by the tests. `RecurrentStepper` runs trained networks one token at
a time, without a framework.
"""

from __future__ import annotations

from .cell import Cell, State, summed_product
from .cells import GRUCell, LSTMCell, RNNCell
from .functions import sigmoid, sigmoid_cross_entropy, softmax, softmax_cross_entropy
from .learning import AdaGrad, GradientError, clip, clip_norm, gradient_check, l2
from .stepper import (
    Block,
    Embed,
    Embedding,
    Head,
    LayerNormalization,
    RecurrentStepper,
    StepperState,
)

__all__ = [
    "AdaGrad",
    "Block",
    "Cell",
    "Embed",
    "Embedding",
    "GRUCell",
    "GradientError",
    "Head",
    "LSTMCell",
    "LayerNormalization",
    "RNNCell",
    "RecurrentStepper",
    "State",
    "StepperState",
    "clip",
    "clip_norm",
    "gradient_check",
    "l2",
    "sigmoid",
    "sigmoid_cross_entropy",
    "softmax",
    "softmax_cross_entropy",
    "summed_product",
]
