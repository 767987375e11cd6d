"""The Keras optimizer that a model's training settings describe, and its moving averages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..interfaces.model import Model


def make_optimizer(model: Model) -> Any:
    """Builds the optimizer of a model.

    The learning rate is a variable that the trainer sets before each batch when the
    model has a schedule, so that one rule serves every optimizer and backend.
    """
    import keras

    options: dict[str, Any] = {"learning_rate": model.learning_rate}
    if model.clip:
        options["clipvalue"] = model.clip
    if model.clip_norm:
        options["global_clipnorm"] = model.clip_norm
    if model.average:
        options |= {"use_ema": True, "ema_momentum": model.average}
    if model.optimizer in ("sgd", "rmsprop"):
        options["momentum"] = model.momentum
    if model.optimizer == "adamw":
        options["weight_decay"] = model.weight_decay
    classes = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "sgd": keras.optimizers.SGD,
        "rmsprop": keras.optimizers.RMSprop,
        "adadelta": keras.optimizers.Adadelta,
        "adagrad": keras.optimizers.Adagrad,
    }
    cls = classes[model.optimizer]
    return (_averaging(cls) if model.average else cls)(**options)


def _averaging(cls: type[Any]) -> type[Any]:
    """Makes an optimizer whose moving averages follow fast at first, and stay where they are."""
    import keras

    ops: Any = keras.ops

    class Averaging(cls):
        """The optimizer `cls` with moving averages as deepzoo wants them."""

        def _update_model_variables_moving_average(self, trainable_variables: Any) -> None:
            # Else a short training would be judged by the weights of its first steps.
            steps = ops.cast(self.iterations, "float32")
            kept = ops.minimum(self.ema_momentum, steps / (steps + 9))
            for variable, average in zip(
                trainable_variables, self._model_variables_moving_average, strict=True
            ):
                if average is not None:
                    momentum = ops.cast(kept, average.dtype)
                    average.assign(momentum * average + (1 - momentum) * variable)

        def finalize_variable_values(self, var_list: Any) -> None:
            """Does nothing: Keras would overwrite the weights at the end of each `fit`.

            A training has one `fit` per epoch; `averaged` says where the averages count.
            """

    return Averaging


@contextlib.contextmanager
def averaged(keras_model: Any) -> Iterator[None]:
    """Puts the moving averages in the place of the weights for a while, if there are any."""
    from ..networks.keras_network import assign_all, read_all

    weights, averages = _averages(keras_model)
    kept = read_all(weights)
    assign_all(weights, read_all(averages))
    try:
        yield
    finally:
        assign_all(weights, kept)


def take_average(keras_model: Any) -> None:
    """Puts the moving averages in the place of the weights for good, if there are any."""
    from ..networks.keras_network import assign_all, read_all

    weights, averages = _averages(keras_model)
    assign_all(weights, read_all(averages))


def _averages(keras_model: Any) -> tuple[list[Any], list[Any]]:
    """Returns the variables that have a moving average, and these."""
    # Mixed precision on a GPU wraps the optimizer in one that scales the loss.
    optimizer = getattr(keras_model.optimizer, "inner_optimizer", keras_model.optimizer)
    if not optimizer.use_ema or not int(optimizer.iterations):
        return [], []
    pairs = zip(
        keras_model.trainable_variables, optimizer._model_variables_moving_average, strict=True
    )
    pairs = [(variable, average) for variable, average in pairs if average is not None]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
