"""Draws the layers of the core for docs/explanation/architecture.md, from the import contracts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from lint_imports import LAYERS, PUBLIC

ABOUT = {
    "testing": "checks for plugins",
    "cli": "the command line",
    "api": "the functions of deepzoo",
    "run": "Run, one trained model",
    "training": "loops, checkpoints, schedules",
    "evaluation": "scores, intervals, curves",
    "workload": "dataset, task, model, settings",
    "data": "find, fetch, load",
    "runs": "the folders of runs",
    "plugins": "find and register",
    "readers": "text and tables",
    "sampling": "draw tokens",
    "interfaces": "Dataset, Task, Model, kinds, settings",
    "feedforward": "layers in NumPy",
    "figures": "titles, fonts",
    "networks": "Keras, devices",
    "recurrent": "RNNs in NumPy",
    "system": "files, locks",
    "errors": "each with its exit code",
}
# Where `deepzoo train tweets` enters each room, as the page numbers its steps.
STEPS = {
    "cli": "1",
    "api": "2",
    "run": "7",
    "workload": "3",
    "plugins": "4",
    "interfaces": "5",
    "training": "6, 8, 9",
    "data": "6",
    "runs": "7",
    "networks": "7",
    "evaluation": "10",
}
CORE, OPEN, LINE, STEP = "#e8ecf7", "#dff2e1", "#5b6475", "#b5462f"
WIDTH, HEIGHT, GAP = 9.6, 0.78, 0.2


def write(folder: Path) -> None:
    """Draws the layers and writes `architecture.png`."""
    draw().savefig(folder / "architecture.png", dpi=100)


def draw() -> Any:
    """Draws one row per layer, the top layer first, and one arrow for all imports."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, 10.4))
    axes = figure.add_axes((0, 0, 1, 1))
    row_height = HEIGHT + GAP
    axes.set(xlim=(-1.0, WIDTH + 0.1), ylim=(-row_height * len(LAYERS) - 0.75, 0.35))
    axes.set_axis_off()
    for index, layer in enumerate(LAYERS):
        rooms = layer.split(" | ")
        width = (WIDTH - GAP * (len(rooms) - 1)) / len(rooms)
        for position, room in enumerate(rooms):
            corner = (position * (width + GAP), -row_height * (index + 1) + GAP)
            _draw_room(axes, room, corner, width)
    bottom = -row_height * len(LAYERS) + GAP
    axes.annotate(
        "",
        xy=(-0.45, bottom),
        xytext=(-0.45, 0),
        arrowprops={"arrowstyle": "-|>", "color": LINE, "linewidth": 2.5, "mutation_scale": 22},
    )
    axes.text(
        -0.72, bottom / 2, "imports", rotation=90, va="center", ha="center", color=LINE, fontsize=14
    )
    _draw_legend(axes, bottom - 0.55)
    return figure


def _draw_room(axes: Any, room: str, corner: tuple[float, float], width: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(
        FancyBboxPatch(
            corner,
            width,
            HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=OPEN if room in PUBLIC else CORE,
            edgecolor=LINE,
        )
    )
    x, y = corner[0] + width / 2, corner[1]
    sizes = (14, 11.5) if width > 2 else (12, 9.5)
    # Beside a step, a narrow room has its name on the left.
    left = room in STEPS and width < 3
    at = {"x": corner[0] + 0.12, "ha": "left"} if left else {"x": x, "ha": "center"}
    axes.text(y=y + 0.5, s=room, va="center", fontsize=sizes[0], weight="bold", **at)
    axes.text(x, y + 0.2, ABOUT[room], ha="center", va="center", fontsize=sizes[1])
    if room in STEPS:
        axes.text(
            corner[0] + width - 0.12,
            y + 0.5,
            STEPS[room],
            ha="right",
            va="center",
            fontsize=14,
            weight="bold",
            color=STEP,
        )


def _draw_legend(axes: Any, y: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((0, y), 0.4, 0.3, facecolor=OPEN, edgecolor=LINE))
    axes.text(0.55, y + 0.15, "imported by plugins", va="center", fontsize=12)
    axes.text(4.0, y + 0.15, "1 to 10", va="center", fontsize=14, weight="bold", color=STEP)
    axes.text(5.3, y + 0.15, "steps of deepzoo train tweets", va="center", fontsize=12)
