"""The pictures that a run can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .scores import _refuse, calibration, classes, confusion, mistakes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run


def feature_maps(run: Run, *images: Any) -> Figure:
    """Draws images (files, or numbers of test pictures) and what every layer makes of them."""
    from .feature_maps import feature_maps as draw

    return draw(run, *images)


def saliency(run: Run, *images: Any) -> Figure:
    """Draws images (files, or numbers of test pictures) and which parts of them decide."""
    from .saliency import saliency as draw

    return draw(run, *images)


def filters(run: Run, *inputs: str) -> Figure:
    """Draws the filters of the first layer."""
    from .feature_maps import filters as draw

    _refuse(inputs)
    return draw(run)


PLOTS = {
    "confusion": confusion,
    "classes": classes,
    "mistakes": mistakes,
    "calibration": calibration,
    "feature-maps": feature_maps,
    "filters": filters,
    "saliency": saliency,
}
