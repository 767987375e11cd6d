"""The plots of a run by name; NumPy and Matplotlib are loaded when one is drawn."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def _drawn_by(module: str, function: str) -> Callable[..., Any]:
    """Returns a function `(run, *inputs)` that imports its module when it is called."""

    def draw(run: Any, *inputs: Any) -> Any:
        from .fonts import fonts_for

        with fonts_for([run.id, *run.preprocessor["classes"]]):
            return getattr(importlib.import_module(f".{module}", __name__), function)(run, *inputs)

    return draw


PLOTS = {
    "confusion": _drawn_by("scores", "confusion"),
    "classes": _drawn_by("scores", "classes"),
    "mistakes": _drawn_by("scores", "mistakes"),
    "calibration": _drawn_by("scores", "calibration"),
    "feature-maps": _drawn_by("maps", "feature_maps"),
    "filters": _drawn_by("maps", "filters"),
    "saliency": _drawn_by("occlusion", "saliency"),
}
