"""Baselines of addition: columns without a carry, and the nearest sum that was learned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge

from deepzoo import Model, setting

from .models import SumModel

if TYPE_CHECKING:
    from .baseline_networks import NearestSumNetwork, NoCarryNetwork


class _Baseline(SumModel):
    """What both share: fitted at once, no steps."""

    framework: ClassVar[str] = "numpy"

    epochs: Annotated[int, Ge(1)] = setting(1, "one: fitted at once")


class NoCarry(_Baseline):
    """Adds each column by itself, as it was most often right."""

    name = "no-carry"

    def build(self, spec: Mapping[str, Any]) -> NoCarryNetwork:
        """Builds an empty table."""
        from .baseline_networks import NoCarryNetwork

        return NoCarryNetwork(spec)


class NearestSum(_Baseline):
    """Gives the answer of the nearest sum in the training split."""

    name = "nearest-sum"

    def build(self, spec: Mapping[str, Any]) -> NearestSumNetwork:
        """Builds an empty memory."""
        from .baseline_networks import NearestSumNetwork

        return NearestSumNetwork(spec)


BASELINES: tuple[type[Model], ...] = (NoCarry, NearestSum)
