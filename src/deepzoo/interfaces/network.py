"""Protocols of networks: what a model builds, and what sampling needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np


@runtime_checkable
class Network(Protocol):
    """What a model builds: it predicts, and its weights are plain arrays.

    A network without Keras is best a subclass of `deepzoo.NumpyNetwork`. It also has
    `fit_arrays(inputs, targets)` if it is fitted in closed form, on all examples as one batch.
    If it is trained in steps, it has three methods, and may have three more:

    - `train_step(inputs, targets, weights) -> logs`: learns from a batch and returns numbers
      by name, `loss` among them.
    - `state() -> arrays` and `load_state(arrays)`: all that a resumed training needs, the
      weights included.
    - `test_step(inputs, targets, weights) -> logs`: the same numbers for a batch of the
      validation split, without learning; they become `val_loss` and so on.
    - `reset_states()`: forgets what was carried from batch to batch; called before an epoch.
    - `learning_rate`: an attribute, set before each step.

    Any network, of Keras too, may have `adapt(prepared)`: called before the first step, and before
    a resumed training loads its state, to fit what does not need steps, such as the mean of the
    inputs; and `finish(prepared)`: called
    once after the last step, with the best weights in place and before they are stored, to fit
    what needs a trained network. What they learn belongs to `arrays`.
    """

    def predict(self, inputs: Any) -> Any:
        """Returns the outputs for a batch of inputs."""
        ...

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns all learned parameters as named arrays."""
        ...

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Loads what `arrays` returned; refuses other names, shapes or types."""
        ...


@runtime_checkable
class Stepper(Protocol):
    """A network that emits one token at a time."""

    def start(self, n: int) -> Any:
        """Returns the state of `n` sequences before their first token."""
        ...

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Advances by one token.

        Args:
            tokens: int [n], the tokens to read.
            state: The state that `start` or the last `step` returned.

        Returns:
            The logits [n, vocabulary] of the next token, and the new state.
        """
        ...


class OpsStepper(Protocol):
    """A network whose step is written in `keras.ops`."""

    @property
    def variables(self) -> Sequence[Any]:
        """All its Keras variables."""
        ...

    def start_ops(self, n: int) -> Any:
        """Returns the state of `n` sequences: tensors, or a nested structure of them."""
        ...

    def step_ops(self, tokens: Any, state: Any) -> tuple[Any, Any]:
        """Advances by one token int32 [n]; returns logits [n, vocabulary] and the new state.

        The new state has the structure, shapes and types of the old one.
        """
        ...
