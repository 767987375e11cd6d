"""Run: the folder of one training, as an object that evaluates, predicts and generates."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import DeepzooError
from .run_folder import RunFolder

if TYPE_CHECKING:
    import numpy as np

    from .recipe import Recipe


class Run(RunFolder):
    """One training: what was asked, what was learned, how well it does.

    The verbs of its task are methods: `run.generate("Today I will", n=3)`. Nothing
    but `run.json` is read before it is needed.

    Attributes:
        path: The folder.
        record: What `run.json` holds.
        shipped: Whether it came with a plugin and must not be changed.
    """

    def recipes(self) -> dict[str, Recipe]:
        """Returns the dataset, kind, task and model with the settings of this run."""
        return {owner: self.recipe(owner) for owner in ("dataset", "kind", "task", "model")}

    def recipe(self, owner: str) -> Any:
        """Returns the `dataset`, `kind`, `task` or `model` alone, with its settings."""
        from .rebuilding import recipe

        return self._once(f"recipe {owner}", lambda: recipe(self, owner))

    def arrays(self) -> dict[str, np.ndarray]:
        """Reads the weights."""
        from .rebuilding import weights

        return weights(self)

    @property
    def net(self) -> Any:
        """The trained `deepzoo.model.Network`, built when it is first used."""
        from .rebuilding import network

        return self._once("network", lambda: network(self))

    @property
    def network(self) -> Any:
        """The trained `keras.Model`, or the network of a model without Keras."""
        return getattr(self.net, "model", self.net)

    @property
    def light(self) -> Any:
        """The trained network without its framework where the model offers that, else `net`."""
        from .rebuilding import twin

        return self._once("twin", lambda: twin(self)) or self.net

    def stepper(self, n: int = 1) -> Any:
        """Returns what emits `n` sequences token by token fastest, without Keras if it can."""
        return self.light

    def attach(self, network: Any) -> None:
        """Takes over a trained network that is in memory already, instead of building it."""
        self._kept["network"] = network
        self._kept.pop("twin", None)

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Returns what its task can do with it, by name."""
        return {verb: self._bound(verb) for verb in type(self.recipe("task")).verbs()}

    def evaluate(self, **options: Any) -> dict[str, Any]:
        """Scores it on the test split, beside the baselines; see `deepzoo.evaluate`."""
        from . import api

        return api.evaluate(self, **options)  # pyright: ignore[reportArgumentType]

    def plot(self, name: str = "curves", *inputs: Any) -> Any:
        """Draws the learning curves, or one of the task's pictures, as a Matplotlib figure."""
        from .plots import draw

        return draw(self, name, *inputs)

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
        return functools.update_wrapper(functools.partial(method, self), method)

    def __repr__(self) -> str:
        from .notebook import line

        return line(self)

    def _repr_html_(self) -> str:
        from .notebook import card

        return card(self)
