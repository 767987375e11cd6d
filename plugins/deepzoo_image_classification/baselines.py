"""The baselines of image classification: linear models without Keras, fitted in one step."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Gt

from deepzoo import Model, setting

if TYPE_CHECKING:
    from .linear import LinearNetwork


class _Baseline(Model):
    task: ClassVar[str] = "image-classification"
    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()


class Majority(_Baseline):
    """Gives every image the most frequent class."""

    name = "majority"

    def build(self, spec: Mapping[str, Any]) -> LinearNetwork:
        """Builds a network that counts classes."""
        from .linear import LinearNetwork, majority

        return LinearNetwork(spec, majority)


class NearestMean(_Baseline):
    """Gives an image the class whose mean image is nearest."""

    name = "nearest-mean"

    def build(self, spec: Mapping[str, Any]) -> LinearNetwork:
        """Builds a network that keeps mean images."""
        from .linear import LinearNetwork, nearest_mean

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
        from .linear import LinearNetwork, logistic

        fit = functools.partial(logistic, strength=self.strength, steps=self.steps)
        return LinearNetwork(spec, fit)


BASELINES: tuple[type[Model], ...] = (Majority, NearestMean, LogisticRegression)
