"""Run: the folder of one training, as an object that evaluates, predicts and generates."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from .errors import DeepzooError, UnknownNameError, UsageError, did_you_mean
from .interfaces.ask import ask
from .interfaces.settings import Recipes
from .interfaces.task import Verb
from .plugins.calls import calling
from .runs import display, restore
from .runs.folder import RunFolder
from .workload import Workload

if TYPE_CHECKING:
    import numpy as np


class Run(RunFolder):
    """One training: what was asked, what was learned, how well it does.

    The verbs of its task are methods: `run.generate("Today I will", n=3)`. Nothing
    but `run.json` is read before it is needed.

    Attributes:
        path: The folder.
        record: What `run.json` holds.
        shipped: Whether it came with a plugin and must not be changed.
    """

    _data: Any = None  # where its data are now, or the data themselves

    @classmethod
    def of(cls, folder: RunFolder) -> Self:
        """Returns the run of a folder that is open already."""
        return folder if isinstance(folder, cls) else cls(*folder.opened())

    def recipes(self) -> Recipes:
        """Returns the dataset, kind, task and model with the settings of this run."""
        return Recipes(*map(self.recipe, ("dataset", "kind", "task", "model")))

    def recipe(self, owner: str) -> Any:
        """Returns the `dataset`, `kind`, `task` or `model` alone, with its settings."""
        return self._once(f"recipe {owner}", lambda: restore.recipe(self, owner))

    def arrays(self) -> dict[str, np.ndarray]:
        """Reads the weights."""
        return restore.weights(self)

    @property
    def network(self) -> Any:
        """The trained `deepzoo.Network`, built when it is first used."""
        return self._once("network", lambda: restore.network(self))

    @property
    def keras_model(self) -> Any:
        """The trained `keras.Model`; None for a network without Keras."""
        return getattr(self.network, "model", None)

    @property
    def numpy_network(self) -> Any:
        """The trained network without Keras; None where its model offers none."""
        return self._once("NumPy network", lambda: restore.numpy_network(self))

    def network_for(self, count: int) -> Any:
        """Returns the network that answers `count` inputs soonest.

        That is the one without Keras, where the model has one, Keras is not loaded yet, and the
        inputs are no more than `Model.numpy_limit`; the answers are the same.
        """
        few = count <= self.recipe("model").numpy_limit
        waits = "network" not in self._kept and sys.modules.get("keras") is None
        return (self.numpy_network if few and waits else None) or self.network

    def attach(self, network: Any) -> None:
        """Takes over a trained network that is in memory already, instead of building it."""
        self._kept["network"] = network
        self._kept.pop("NumPy network", None)

    def prepare_inputs(self, raw: Sequence[Any]) -> Any:
        """Converts raw inputs to what the network gets, as in its training.

        Args:
            raw: Inputs as a verb gets them, such as texts or image files.
        """
        inputs = self.recipe("task").prepare_inputs(list(raw), self.preprocessor, self.spec)
        return self.recipe("kind").arrange(inputs)

    def workload(self) -> Workload:
        """Returns the recipes of this run with its data and arrays, which are read again."""
        return Workload.of_run(self, self._data)

    def with_data(self, data: Any) -> Self:
        """Returns this run with its own data given again, because they have moved.

        Args:
            data: Their file or folder, or the data in memory; other data are refused.
        """
        moved = type(self)(*self.opened())
        moved._kept, moved._data = self._kept, data
        return moved

    def baseline(self, model: str) -> Run:
        """Returns the finished run of another model on the same question, trained if need be."""
        from .training.cached_runs import cached_run

        return Run.of(cached_run(self.workload().with_model(model)))

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Returns what its task can do with it, by name."""
        return {verb: self._bound(verb) for verb in type(self.recipe("task")).verbs()}

    def evaluate(self, *, data: Any = None, device: str = "auto") -> dict[str, Any]:
        """Scores it on the test split, beside the baselines; see `deepzoo.evaluate`."""
        from .training import lifecycle

        return lifecycle.evaluate(self, device, data)

    def plot(self, name: str = "curves", *inputs: Any, data: Any = None) -> Any:
        """Draws the learning curves, or one of the task's pictures, as a Matplotlib figure.

        Args:
            name: The picture.
            *inputs: What it is of.
            data: The run's own data, if they have moved.

        Raises:
            UnknownNameError: The task has no such picture.
            UsageError: The picture takes fewer inputs.
        """
        from .figures import finished

        plots = {"curves": _curves, **self.recipe("task").plots}
        if name not in plots:
            raise UnknownNameError(
                f"Runs of '{self.task}' have no picture '{name}'.{did_you_mean(name, list(plots))}",
                f"They have: {', '.join(plots)}",
            )
        run = self if data is None else self.with_data(data)
        _check_inputs(name, plots[name], inputs)
        with calling(run.recipe("task"), f"the picture '{name}'"):
            return finished(plots[name](run, *inputs))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        verbs = type(self.recipe("task")).verbs()
        if name not in verbs:
            raise AttributeError(
                f"A run of {self.task} has no {name!r}. It has: {', '.join(verbs) or 'no verbs'}."
            )
        return self._bound(name)

    def __dir__(self) -> list[str]:
        verbs: list[str] = []
        with contextlib.suppress(DeepzooError):
            verbs = list(type(self.recipe("task")).verbs())
        return sorted({*super().__dir__(), *verbs})

    def _bound(self, verb: str) -> Callable[..., Any]:
        method = getattr(self.recipe("task"), verb)

        def call(*inputs: Any, **options: Any) -> Any:
            data = options.pop("data", None) if Verb.of(method).reads_data else None
            run = self if data is None else self.with_data(data)
            with calling(self.recipe("task"), verb):
                return ask(method, run, inputs, options)

        return functools.update_wrapper(call, method)

    def __repr__(self) -> str:
        return display.line(self)

    def _repr_html_(self) -> str:
        return display.card(self)


def _curves(run: Run) -> Any:
    from .evaluation.curves import curves

    return curves(run.history, run.id, run.record.get("best_epoch"))


def _check_inputs(name: str, draw: Callable[..., Any], inputs: tuple[Any, ...]) -> None:
    """Refuses more inputs than the function of a plot takes after the run."""
    parameters = inspect.signature(draw).parameters.values()
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return
    most = len(parameters) - 1
    if len(inputs) > most:
        received = f"{len(inputs)}: {', '.join(map(str, inputs))}"
        raise UsageError(
            f"The plot '{name}' takes {most or 'no'} INPUT, received {received}.",
            f'Put it in quotes: "{" ".join(map(str, inputs))}"' if most else "",
        )
