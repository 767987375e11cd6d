"""A kind of its own: labelled points."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deepzoo import Kind, KindSettings, Splits, setting, shared

if TYPE_CHECKING:
    import numpy as np


class PointSettings(KindSettings):
    """What can be changed about any dataset of points after loading."""

    mirrored: bool = setting(False, "swap the two coordinates of every point")

    def apply(self, splits: Splits) -> Splits:
        if not self.mirrored:
            return splits
        return splits.map(
            lambda part: dataclasses.replace(part, positions=part.positions[:, ::-1].copy())
        )


class Points(Kind):
    """Points with a class each: `positions` float32 [N, 2], `labels` int64 [N]."""

    name = "points"
    options = PointSettings
    positions: np.ndarray
    labels: np.ndarray
    classes: Sequence[str] = shared()
