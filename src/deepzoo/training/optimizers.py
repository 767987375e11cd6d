"""The Keras optimizer that a model's training settings describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..model import Model


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
    return classes[model.optimizer](**options)
