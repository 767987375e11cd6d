"""Pictures of runs: choosing one by name, showing it in a notebook, writing it to a file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import UnknownNameError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .run import Run


def draw(run: Run, name: str = "curves", *inputs: Any) -> Figure:
    """Draws one picture of a run: `curves`, or one that its task offers.

    Raises:
        UnknownNameError: The task has no such picture.
    """
    if name == "curves":
        from .curves import curves

        return curves(run.history, run.id, run.record.get("best_epoch"))
    task = run.recipe("task")
    if name not in task.plots:
        from .plugins import did_you_mean

        names = ["curves", *task.plots]
        raise UnknownNameError(
            f"Runs of '{run.task}' have no picture '{name}'.{did_you_mean(name, names)}",
            f"They have: {', '.join(names)}",
        )
    return showable(task.plots[name](run, *inputs))


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
