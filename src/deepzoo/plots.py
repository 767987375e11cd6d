"""Pictures of runs: learning curves from the history alone, and the pictures of tasks."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import DataError, UnknownNameError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .run import Run

# Told apart by everyone who sees colours differently, too (Okabe and Ito).
COLOURS = {"training": "#0072B2", "validation": "#D55E00", "test": "#009E73"}
PREFIXES = {"training": "", "validation": "val_", "test": "test_"}
NO_METRICS = frozenset(
    {"epoch", "step", "steps", "seconds", "learning_rate", "lr", "examples_per_second", "time"}
)
MAX_PANELS = 6
_GREY = "#555555"


def draw(run: Run, name: str = "curves", *inputs: Any) -> Figure:
    """Draws one picture of a run: `curves`, or one that its task offers.

    Raises:
        UnknownNameError: The task has no such picture.
    """
    if name == "curves":
        return curves(run.history, run.id)
    task = run.recipe("task")
    if name not in task.plots:
        from .plugins import did_you_mean

        names = ["curves", *task.plots]
        raise UnknownNameError(
            f"Runs of '{run.task}' have no picture '{name}'.{did_you_mean(name, names)}",
            f"They have: {', '.join(names)}",
        )
    return showable(task.plots[name](run, *inputs))


def curves(history: Sequence[Mapping[str, Any]], title: str = "") -> Figure:
    """Draws the loss and the metrics of training and validation over the epochs.

    Args:
        history: One row per epoch, as `Run.history` has them.
        title: Written above.

    Raises:
        DataError: No epoch has ended yet.
    """
    from matplotlib.figure import Figure

    metrics = _metrics(history)
    if not metrics:
        raise DataError(
            f"There are no curves{f' of {title}' if title else ''}: no epoch has ended."
        )
    columns = min(len(metrics), 3)
    rows = math.ceil(len(metrics) / columns)
    width = 6.4 if columns == 1 else 4.6 * columns
    figure = Figure(figsize=(width, 3.5 * rows + 0.3 * bool(title)), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    best = _best_epoch(history)
    explained: set[str] = set()
    for axes, metric in zip(panels, metrics, strict=False):
        _panel(axes, history, metric, best)
        _explain(axes, explained)
    for axes in panels[len(metrics) :]:
        axes.remove()
    if title:
        figure.suptitle(title, fontsize=13, fontweight="bold", parse_math=False)
    return showable(figure)


def showable(figure: Figure) -> Figure:
    """Lets a notebook show a figure that was made without pyplot, and returns it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)

    def png() -> bytes:
        memory = io.BytesIO()
        figure.savefig(memory, format="png", dpi=100)
        return memory.getvalue()

    figure._repr_png_ = png  # pyright: ignore[reportAttributeAccessIssue]
    return figure


def save(figure: Figure, path: str | Path) -> Path:
    """Writes a figure as PNG, SVG or PDF, by the end of the file's name."""
    from .files import make_folder, write_bytes

    path = Path(path)
    memory = io.BytesIO()
    figure.savefig(memory, format=path.suffix.lstrip(".").lower() or "png", dpi=150)
    make_folder(path.absolute().parent)
    write_bytes(path, memory.getvalue())
    return path


def _metrics(history: Sequence[Mapping[str, Any]]) -> list[str]:
    found: dict[str, None] = {}
    for row in history:
        for key, value in row.items():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            name = key.removeprefix("val_").removeprefix("test_")
            if number and name not in NO_METRICS:
                found[name] = None
    return sorted(found, key=lambda name: name != "loss")[:MAX_PANELS]


def _best_epoch(history: Sequence[Mapping[str, Any]]) -> float | None:
    points = [
        (value, epoch)
        for epoch, value in zip(_epochs(history), _series(history, "val_loss"), strict=True)
        if math.isfinite(value)
    ]
    return min(points)[1] if len(points) > 1 else None


def _epochs(history: Sequence[Mapping[str, Any]]) -> list[float]:
    return [float(row.get("epoch", index)) for index, row in enumerate(history, 1)]


def _series(history: Sequence[Mapping[str, Any]], key: str) -> list[float]:
    # A loss that was no number is stored as null: a gap in the line.
    values = (row.get(key) for row in history)
    return [float(value) if isinstance(value, (int, float)) else math.nan for value in values]


def _panel(
    axes: Axes, history: Sequence[Mapping[str, Any]], metric: str, best: float | None
) -> None:
    from matplotlib.ticker import MaxNLocator

    epochs = _epochs(history)
    marker = "o" if len(epochs) <= 30 else ""
    shown: list[float] = []
    for split, prefix in PREFIXES.items():
        values = _series(history, prefix + metric)
        finite = [value for value in values if math.isfinite(value)]
        if finite:
            shown += finite
            axes.plot(
                epochs, values, marker, ls="-", ms=3.5, lw=1.8, color=COLOURS[split], label=split
            )
    if best is not None:
        axes.axvline(best, color=_GREY, lw=1, ls=":", zorder=0, label=f"best epoch ({best:.0f})")
    if min(shown) > 0 and max(shown) / min(shown) > 100:
        axes.set_yscale("log")
    axes.set_title(metric.replace("_", " "), fontsize=11, parse_math=False)
    axes.set_xlabel("epoch", color=_GREY)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    axes.tick_params(colors=_GREY)
    axes.grid(axis="y", color="#e3e3e3", lw=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _explain(axes: Axes, explained: set[str]) -> None:
    """Adds a legend to the first panel, and to one that has a line no other had."""
    labels = {str(line.get_label()) for line in axes.get_lines()}
    if not labels <= explained:
        axes.legend(frameon=False, fontsize=9)
        explained |= labels
