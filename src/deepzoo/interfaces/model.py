"""Model: the recipe for a network and its training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Lt

from .recipe import Recipe, setting

if TYPE_CHECKING:
    import numpy as np

    from .example import Example


class Model(Recipe):
    """Base of all models: an architecture and how it is trained.

    The settings below belong to training. A model changes their defaults with `defaults`,
    and declares its own settings for the architecture.

    Attributes:
        name: As users type it.
        task: Name of the task it solves.
        framework: `keras`, or `numpy` for networks without Keras.
    """

    task: ClassVar[str]
    framework: ClassVar[str] = "keras"

    epochs: Annotated[int, Ge(1)] = setting(10, "passes over the training split")
    batch_size: Annotated[int, Ge(1)] = setting(64, "examples per step")
    order: Literal["shuffled", "streams"] = setting(
        "shuffled", "shuffled each epoch, or streams: row i of a batch continues row i of the last"
    )
    loss: str = setting("", "loss by its Keras name; empty takes the task's")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "adam", "update rule"
    )
    learning_rate: Annotated[float, Gt(0)] = setting(0.001, "step size of the update rule")
    momentum: Annotated[float, Ge(0), Lt(1)] = setting(0.0, "momentum of sgd and rmsprop")
    weight_decay: Annotated[float, Ge(0)] = setting(0.0, "decoupled weight decay of adamw")
    schedule: Literal["constant", "cosine", "linear"] = setting(
        "constant", "how the learning rate falls over the planned steps"
    )
    warmup: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "fraction of the steps over which the learning rate rises from 0"
    )
    clip: Annotated[float, Ge(0)] = setting(0.0, "clip each gradient to [-clip, clip]; 0 is off")
    clip_norm: Annotated[float, Ge(0)] = setting(
        0.0, "scale the gradients down to this global norm; 0 is off"
    )
    average: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "decay of the moving average of the weights; 0 is off"
    )
    watch_test: bool = setting(
        False, "score the test split after each epoch too; nothing is chosen by it"
    )

    def build(self, spec: Example) -> Any:
        """Builds the network.

        Args:
            spec: What `Task.prepare` declares, and `batch_size` and `seed`.

        Returns:
            A `keras.Model`, a `deepzoo.KerasNetwork`, or any other `Network`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not implement build")

    def from_arrays(self, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any | None:
        """Builds a trained network in NumPy alone, or returns None if the model cannot.

        Args:
            spec: The same JSON data that `build` gets.
            arrays: The trained weights, by the keys of `Network.arrays`.
        """
        return None
