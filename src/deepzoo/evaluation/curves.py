"""Learning curves from histories alone: of one run, and of several in one picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ..errors import DataError
from ..figures import BLUE, COLOURS, GREY, ORANGE, clean, panels, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPLITS = {"training": BLUE, "validation": ORANGE, "test": COLOURS[2]}
PREFIXES = {"training": "", "validation": "val_", "test": "test_"}
NO_METRICS = frozenset(
    {"epoch", "step", "steps", "seconds", "learning_rate", "lr", "examples_per_second", "time"}
)
MAX_PANELS = 6
FAR_APART = 10  # times the seconds of the shortest run: then the scale is logarithmic
LONGEST = 40  # letters of a run's name in a legend


def curves(history: Sequence[Mapping[str, Any]], source: str, best: int | None = None) -> Figure:
    """Draws the loss and the metrics of training and validation over the epochs.

    Args:
        history: One row per epoch, as `Run.history` has them.
        source: The run, as the subtitle calls it.
        best: The best epoch, if it is known; else that of the least validation loss.

    Raises:
        DataError: No epoch has ended yet.
    """
    metrics = _metrics(history)
    if not metrics:
        raise DataError(f"There are no curves of {source}: no epoch has ended.")
    figure, axes_of = _panels(metrics, source, len(history))
    best = best or _best_epoch(history)
    explained: set[str] = set()
    for axes, metric in zip(axes_of, metrics, strict=True):
        _panel(axes, history, metric, best)
        _explain(axes, explained)
    return figure


def curves_of_runs(
    histories: Mapping[str, Sequence[Mapping[str, Any]]],
    last: int | None = None,
    over: Literal["epochs", "seconds"] = "epochs",
) -> Figure:
    """Draws the curves of several runs in one picture, a panel for each metric.

    Args:
        histories: Rows per epoch of each run, by what to call it.
        last: Only the last epochs of each run, or None for all.
        over: What is drawn to the right: the epochs, or the seconds of training; of runs that
            took very different times on a logarithmic scale.

    Returns:
        What all runs have, test, validation or training, as a line for each run and, of up
        to seven runs, training dotted beside what was held out.

    Raises:
        DataError: No epoch of any run has ended yet.
    """
    kept = {name: rows[-last:] if last else rows for name, rows in histories.items()}
    metrics = _metrics([row for rows in kept.values() for row in rows])
    if not metrics:
        raise DataError("There are no curves: no epoch of any run has ended.")
    epochs = max(map(len, kept.values()))
    figure, axes_of = _panels(metrics, f"{len(kept)} runs", epochs, 0.3 * len(kept) / len(metrics))
    few = len(kept) <= len(COLOURS)
    ends = [_series(rows, "seconds")[-1] for rows in kept.values() if rows]
    for axes, metric in zip(axes_of, metrics, strict=True):
        split = _shared_split(list(kept.values()), metric)
        for (name, rows), colour in zip(kept.items(), _colours(len(kept)), strict=True):
            _lines(axes, rows, metric, split, name, colour, training=few, over=over)
        _dress(axes, f"{metric}, {split}", over)
        if over == "seconds" and max(ends) > FAR_APART * min(ends) > 0:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:,g}")
    handles = [line for line in axes_of[0].get_lines() if str(line.get_label())[:1] != "_"]
    if few and any(
        line.get_label() == "_training" for axes in axes_of for line in axes.get_lines()
    ):
        handles += axes_of[0].plot([], [], ls=":", color=GREY, lw=1.2, label="training")
    place = {"loc": "outside lower center", "ncols": min(len(axes_of), 3)}
    figure.legend(handles=handles, frameon=False, fontsize=9, **place)
    return figure


def _lines(
    axes: Axes,
    rows: Sequence[Mapping[str, Any]],
    metric: str,
    split: str,
    name: str,
    colour: Any,
    training: bool,
    over: str,
) -> None:
    """Draws one run: a split as a line, training dotted."""
    places = _epochs(rows) if over == "epochs" else _series(rows, over)
    seen = _series(rows, PREFIXES[split] + metric)
    style = {"color": colour, "marker": "o" if len(rows) == 1 else "", "ms": 3.5}
    axes.plot(places, seen, lw=1.8, label=shortened(name, LONGEST), **style)
    if split != "training" and training:
        style |= {"ls": ":", "mfc": "none"}
        axes.plot(places, _series(rows, metric), lw=1.2, label="_training", **style)


def _shared_split(histories: Sequence[Sequence[Mapping[str, Any]]], metric: str) -> str:
    """Chooses what all runs have of a metric: test if watched, else validation, else training."""
    for split in ("test", "validation", "training"):
        values = [_series(rows, PREFIXES[split] + metric) for rows in histories if rows]
        if all(any(map(math.isfinite, series)) for series in values):
            return split
    return "validation"


def _colours(count: int) -> list[Any]:
    """Returns one colour for each run: distinct ones for a few, a scale for many."""
    from matplotlib import colormaps

    if count <= len(COLOURS):
        return list(COLOURS[:count])
    return [colormaps["viridis"](place / (count - 1)) for place in range(count)]


def _panels(
    metrics: Sequence[str], source: str, epochs: int, more_height: float = 0
) -> tuple[Figure, list[Axes]]:
    width = 6.4 if len(metrics) == 1 else 4.6
    height = 3.5 + more_height / math.ceil(len(metrics) / 3)
    read = f"{epochs:,} epoch{'s' * (epochs != 1)}"
    return panels(len(metrics), width, height, "Learning curves", source, read)


def _metrics(history: Sequence[Mapping[str, Any]]) -> list[str]:
    names: dict[str, None] = {}
    for row in history:
        for key, value in row.items():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            name = key.removeprefix("val_").removeprefix("test_")
            if number and name not in NO_METRICS:
                names[name] = None
    return sorted(names, key=lambda name: name != "loss")[:MAX_PANELS]


def _best_epoch(history: Sequence[Mapping[str, Any]]) -> int | None:
    points = [
        (value, epoch)
        for epoch, value in zip(_epochs(history), _series(history, "val_loss"), strict=True)
        if math.isfinite(value)
    ]
    return round(min(points)[1]) if len(points) > 1 else None


def _epochs(history: Sequence[Mapping[str, Any]]) -> list[float]:
    return [float(row.get("epoch", index)) for index, row in enumerate(history, 1)]


def _series(history: Sequence[Mapping[str, Any]], key: str) -> list[float]:
    # A loss that was no number is stored as null: a gap in the line.
    values = (row.get(key) for row in history)
    return [float(value) if isinstance(value, (int, float)) else math.nan for value in values]


def _panel(axes: Axes, history: Sequence[Mapping[str, Any]], metric: str, best: int | None) -> None:
    epochs = _epochs(history)
    marker = "o" if len(epochs) <= 30 else ""
    shown: list[float] = []
    for split, prefix in PREFIXES.items():
        values = _series(history, prefix + metric)
        finite = [value for value in values if math.isfinite(value)]
        if finite:
            shown += finite
            axes.plot(
                epochs, values, marker, ls="-", ms=3.5, lw=1.8, color=SPLITS[split], label=split
            )
    if best is not None:
        axes.axvline(best, color=GREY, lw=1, ls=":", zorder=0, label=f"best epoch ({best})")
    # A share that rises from almost nothing is read from 0 to 1.
    rising = shown[-1] > shown[0] and max(shown) <= 1
    if not rising and min(shown) > 0 and max(shown) / min(shown) > 100:
        axes.set_yscale("log")
    _dress(axes, metric)


def _dress(axes: Axes, metric: str, over: str = "epochs") -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(metric.replace("_", " "), fontsize=11, parse_math=False)
    axes.set_xlabel({"epochs": "epoch", "seconds": "seconds of training"}[over], color=GREY)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    axes.tick_params(colors=GREY)
    clean(axes, grid="y")


def _explain(axes: Axes, explained: set[str]) -> None:
    """Adds a legend to the first panel, and to each panel with a new kind of line."""
    labels = {str(line.get_label()) for line in axes.get_lines()}
    if not labels <= explained:
        axes.legend(frameon=False, fontsize=9)
        explained |= labels
