"""Recurrent networks in NumPy, written to be read: the tanh RNN, the LSTM and the GRU.

`cells.py` has their equations, forward and backward, named and numbered as in Goodfellow,
Bengio and Courville, Deep Learning (2016), chapter 10; the tests compare them with Keras' own
layers. `learning.py` trains them; `stepper.py` runs trained networks one token at a time.
"""

from __future__ import annotations

from .cells import Cell, GRUCell, LSTMCell, RNNCell, State, sigmoid, summed_product
from .learning import (
    AdaGrad,
    GradientError,
    clip,
    clip_norm,
    gradient_check,
    l2,
    sigmoid_cross_entropy,
    softmax,
    softmax_cross_entropy,
)
from .stepper import (
    Block,
    Embed,
    Embedding,
    Head,
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
