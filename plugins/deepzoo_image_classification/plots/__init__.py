"""The plots of a run by name; NumPy and Matplotlib are loaded when one is drawn."""

from __future__ import annotations

import importlib
from typing import Any


def _module(name: str) -> Any:
    return importlib.import_module(f".{name}", __name__)


PLOTS = {
    "confusion": lambda run: _module("scores").confusion(run),
    "classes": lambda run: _module("scores").classes(run),
    "mistakes": lambda run: _module("scores").mistakes(run),
    "calibration": lambda run: _module("scores").calibration(run),
    "feature-maps": lambda run, *images: _module("maps").feature_maps(run, *images),
    "filters": lambda run: _module("maps").filters(run),
    "saliency": lambda run, *images: _module("occlusion").saliency(run, *images),
}
