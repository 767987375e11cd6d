"""Model: the recipe for a network and its training."""

from __future__ import annotations

import functools
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Lt

from .recipe import Recipe, Setting, setting

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
        training_settings: Names of the settings below that it honours: None for all, `()` for
            a network that is fitted in closed form. The others are not offered, and refused.
        network: What `build` calls with the model and the spec, as `module:function` in the
            package of the model: `networks:build_mlp`. Not needed where `build` is written out.
        numpy_network: What `from_arrays` calls with the model, the spec and the arrays.
        keeps_last: Whether the weights after the last epoch are kept, and not those of the best
            epoch on the validation split: for networks that do not overfit with more epochs.
        numpy_limit: Up to how many inputs that network answers sooner than Keras is loaded.
    """

    task: ClassVar[str]
    framework: ClassVar[str] = "keras"
    training_settings: ClassVar[tuple[str, ...] | None] = None
    network: ClassVar[str] = ""
    numpy_network: ClassVar[str] = ""
    numpy_limit: ClassVar[int] = 64
    keeps_last: ClassVar[bool] = False

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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.__dict__.get("training_settings") == ():  # a closed form has one epoch
            cls.defaults = {"epochs": 1, **cls.__dict__.get("defaults", {})}
        super().__init_subclass__(**kwargs)

    @classmethod
    def settings(cls) -> list[Setting]:
        """Describes the settings of this model, without those of training that it ignores."""
        ignored: set[str] = set()
        if cls.training_settings is not None:
            ignored = {item.name for item in Model.settings()} - set(cls.training_settings)
        return [item for item in super().settings() if item.name not in ignored]

    @classmethod
    def own_settings(cls) -> list[str]:
        """Returns the names of the settings that are not those of every training."""
        shared = {item.name for item in Model.settings()}
        return [item.name for item in cls.settings() if item.name not in shared]

    def defaults_for(self, train: Any, fine_tuning: bool) -> Mapping[str, Any]:
        """Returns settings that suit the amount of data, for those that the user did not choose.

        They are printed before the training and recorded as the settings of the run.

        Args:
            train: The training split.
            fine_tuning: Whether the training starts from the weights of another run that
                `can_start_from` says can help.
        """
        return {}

    def build(self, spec: Example) -> Any:
        """Builds the network.

        Args:
            spec: What `Task.prepare` declares, and `batch_size` and `seed`.

        Returns:
            A `keras.Model`, a `deepzoo.KerasNetwork`, or any other `Network`.
        """
        if not self.network:
            raise NotImplementedError(f"{type(self).__name__} does not implement build")
        return self._resolve("network")(self, spec)

    def from_arrays(self, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any | None:
        """Builds a trained network in NumPy alone, or returns None if the model cannot.

        Args:
            spec: The same JSON data that `build` gets.
            arrays: The trained weights, by the keys of `Network.arrays`.
        """
        if not self.numpy_network:
            return None
        return self._resolve("numpy_network")(self, spec, arrays)

    def can_start_from(self, preprocessor: Mapping[str, Any], train: Any) -> bool:
        """Tells whether what another run has learned can help with these data.

        Where it cannot, own data do not start from the run that they usually start from, and
        `defaults_for` is asked for settings from scratch.

        Args:
            preprocessor: That of the run, such as its vocabulary.
            train: The training split.
        """
        return True

    def transfer(
        self,
        trained: Mapping[str, np.ndarray],
        fresh: Mapping[str, np.ndarray],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> tuple[dict[str, np.ndarray], str] | None:
        """Fits the weights of a run to another preprocessor, such as another vocabulary.

        Args:
            trained: The weights of the run that a training starts from.
            fresh: The weights of the new network before its training.
            before: The preprocessor of that run.
            after: The preprocessor of the new one.

        Returns:
            The weights to start from, and a line that says what was taken over; None if the
            model cannot, so that such a run is refused.
        """
        return None

    def _resolve(self, attribute: str) -> Callable[..., Any]:
        """Imports what an attribute names in the package of the class that sets it."""
        owner = next(cls for cls in type(self).__mro__ if attribute in vars(cls))
        package, name = owner.__module__.rpartition(".")[0], getattr(self, attribute)
        return pkgutil.resolve_name(f"{package}.{name}" if package else name)


def rule(*, task: str) -> Callable[[Callable[..., Any]], type[Model]]:
    """Makes a model of a function of the inputs, such as a baseline that learns nothing.

    The model has the function's name, with hyphens, and its docstring. A function with a
    parameter `spec` gets the JSON data of `Task.prepare`, too.

    Args:
        task: Name of the task it solves.

    Examples:
        >>> @rule(task="forecasting")
        ... def last_value(inputs, spec):
        ...     "Repeats the last value."
        ...     return inputs[:, -1:].repeat(spec["targets"]["shape"][0], axis=1)
        >>> last_value.name
        'last-value'
    """

    def make(function: Callable[..., Any]) -> type[Model]:
        takes_spec = "spec" in inspect.signature(function).parameters

        def build(self: Model, spec: Mapping[str, Any]) -> Any:
            """Wraps the function as a network."""
            from ..networks.numpy_network import RuleNetwork

            return RuleNetwork(functools.partial(function, spec=spec) if takes_spec else function)

        body = {"name": function.__name__.replace("_", "-"), "task": task, "build": build}
        body |= {"framework": "numpy", "training_settings": ()}
        same = {name: getattr(function, name) for name in ("__module__", "__qualname__", "__doc__")}
        return type(function.__name__, (Model,), body | same)

    return make
