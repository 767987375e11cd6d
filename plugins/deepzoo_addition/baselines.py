"""Baselines of addition: digits added without a carry, and the nearest training sum."""

from __future__ import annotations

from typing import ClassVar

from deepzoo import Model

from .models import SumModel


class _Baseline(SumModel):
    """Fitted in one go, without training steps."""

    framework: ClassVar[str] = "numpy"
    outputs = "values"
    training_settings: ClassVar[tuple[str, ...] | None] = ()


class NoCarry(_Baseline):
    """Adds each column by itself, as it was most often right."""

    name = "no-carry"
    network = "numpy_networks:NoCarryNetwork"


class NearestSum(_Baseline):
    """Returns the answer of the nearest sum in the training split."""

    name = "nearest-sum"
    network = "numpy_networks:NearestSumNetwork"


BASELINES: tuple[type[Model], ...] = (NoCarry, NearestSum)
