"""The baselines of image classification: linear models without Keras, fitted at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Gt

from deepzoo import Model, setting

from .linear import LinearNetwork, logistic, majority, nearest_mean

if TYPE_CHECKING:
    pass


class _Baseline(Model):
    """What the three have in common: fitted at once, no steps."""

    task: ClassVar[str] = "image-classification"
    framework: ClassVar[str] = "numpy"

    epochs: Annotated[int, Ge(1)] = setting(1, "one: fitted at once")


class Majority(_Baseline):
    """Gives every picture the most frequent class."""

    name = "majority"

    def build(self, spec: Mapping[str, Any]) -> LinearNetwork:
        """Builds a network that counts classes."""
        return LinearNetwork(spec, majority)


class NearestMean(_Baseline):
    """Gives a picture the class whose mean picture is nearest."""

    name = "nearest-mean"

    def build(self, spec: Mapping[str, Any]) -> LinearNetwork:
        """Builds a network that keeps mean pictures."""
        return LinearNetwork(spec, nearest_mean)


class LogisticRegression(_Baseline):
    """Logistic regression on the pixels."""

    name = "logistic-regression"

    strength: Annotated[float, Gt(0)] = setting(
        0.01, "inverse strength of the L2 penalty, as scikit-learn's C"
    )
    steps: Annotated[int, Ge(1)] = setting(100, "steps of the optimizer at most")

    def build(self, spec: Mapping[str, Any]) -> LinearNetwork:
        """Builds a linear network."""
        import functools

        return LinearNetwork(
            spec, functools.partial(logistic, strength=self.strength, steps=self.steps)
        )


BASELINES: tuple[type[Model], ...] = (Majority, NearestMean, LogisticRegression)
