"""`runs compare`: runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ... import api
from ...errors import UsageError
from .. import complete, outputs, results
from ..console import console
from ..training_view import duration


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN", help="Two runs or more.", autocompletion=complete.run),
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FILE", help="Draw the curves of all runs to a picture."),
    ] = None,
    last: Annotated[
        int | None, typer.Option(min=1, help="Draw only the last N epochs.", metavar="N")
    ] = None,
    over: Annotated[
        Literal["epochs", "seconds"],
        typer.Option(help="Draw the curves over the epochs or the seconds of training."),
    ] = "epochs",
) -> None:
    """Compare runs with the first one: settings that differ, scores, paired differences."""
    from ...evaluation import compare as comparing

    if not out and (last or over != "epochs"):
        option = "--last" if last else "--over"
        raise UsageError(f"{option} is about the picture: expected --out FILE with it.")
    opened = [api.load(run) for run in runs]
    compared = comparing.compare(opened)
    if out:
        from ... import figures

        path = figures.save(comparing.plot(opened, last=last, over=over), Path(out))
        compared["picture"] = str(path)
    if console.json:
        console.emit(compared)
        return
    _show(compared, results.metrics_of(opened[0].task))


def _show(compared: dict[str, Any], declared: Any) -> None:
    rows = compared["runs"]
    cells = [
        [row["run"], outputs.text(row["parameters"]), duration(row["seconds"] or 0)] for row in rows
    ]
    console.table(["RUN", "PARAMETERS", "TIME"], cells, (1, 2))
    for metric in compared["metrics"]:
        style = declared[metric].format if metric in declared else ".3f"
        better = f" ({declared[metric].better} is better)" if metric in declared else ""
        console.heading(f"\n{metric}{better}")
        cells = [_scores(row, metric, style) for row in rows]
        console.table(["RUN", "VALUE", "95 % INTERVAL", "FROM THE FIRST"], cells, (1,))
    if compared["settings"]:
        console.heading("\nsettings that differ")
        cells = [
            [name, *map(outputs.text, values)] for name, values in compared["settings"].items()
        ]
        console.table(["SETTING", *(row["run"] for row in rows)], cells)
    if "picture" in compared:
        console.note(f"picture: {compared['picture']}")
    for note in compared["notes"]:
        console.note(f"note: {note}")


def _scores(row: dict[str, Any], metric: str, style: str) -> list[str]:
    value = results.number(row["metrics"].get(metric), style)
    interval = results.between(row["intervals"].get(metric), style)
    difference = row["differences"].get(metric)
    if not difference:
        return [row["run"], value, interval, ""]
    signed = "+" + style.lstrip("+")
    text = f"{results.number(difference[0], signed)} ({results.between(difference[1:], signed)})"
    return [row["run"], value, interval, text]
