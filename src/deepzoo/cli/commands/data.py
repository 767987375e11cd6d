"""`data`: the files behind datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ... import figures
from ...data.cache import paths
from ...data.cache import remove as clear
from ...data.cache import verify as check
from ...errors import IntegrityError, UsageError
from ...interfaces import settings as assignments
from ...interfaces.dataset import Dataset
from ...interfaces.kinds import Splits
from ...plugins import registry
from ...plugins.calls import calling
from .. import options, outputs
from ..command import Entry, Group
from ..console import console


def data(ctx: typer.Context) -> None:
    """Look at examples, check files, clear the cache."""
    if ctx.invoked_subcommand is None:
        raise UsageError("Expected one of: show, verify, path, rm.", "deepzoo data --help")


def show(
    dataset: options.Dataset,
    examples: Annotated[int, typer.Option("-n", min=0, metavar="N", help="Examples to show.")] = 3,
    data: options.Data = None,
    sample: options.Sample = None,
    settings: options.Settings = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="Where to write a picture, if any.")
    ] = None,
) -> None:
    """Show where the data come from, the sizes of the splits, a few examples, and a picture."""
    from ...data.load import load_data

    cls = registry.dataset(dataset)
    owners: Any = {"dataset": cls, "kind": cls.kind.options}
    recipes: Any = assignments.assign(owners, assignments.parse(settings or []))
    loaded = load_data(*recipes.values(), path=data, sample=sample)
    splits = loaded.splits
    first = splits.train.take(range(min(examples, len(splits.train))))
    row = {
        "name": cls.name,
        "kind": cls.kind.name,
        "data": loaded.source,
        "splits": {name: len(getattr(splits, name)) for name in ("train", "validation", "test")},
        "fingerprint": loaded.fingerprint,
        "files": loaded.files,
        "notes": loaded.notes,
        "examples": describe(first),
    }
    if picture := _draw(recipes["dataset"], splits, out):
        row["picture"] = picture
    if console.json:
        console.emit(row)
        return
    console.heading(f"{cls.name} ({cls.kind.name}, {loaded.source} data)")
    outputs.show(row, leave_out=("name", "kind", "data", "examples", "picture"))
    for number, example in enumerate(row["examples"], 1):
        console.heading(f"\nexample {number}")
        for key, value in example.items():
            console.result(f"{key}: {outputs.text(value)}")
    if picture:
        console.note(f"picture: {picture}")


def _draw(dataset: Dataset, splits: Splits, out: str | None) -> str:
    """Writes the picture that a dataset draws of its data; returns its path, empty without one."""
    with calling(dataset, "picture"):
        figure = dataset.picture(splits)
    if figure is not None:
        return str(figures.save(figures.finished(figure), Path(out or f"{dataset.name}.png")))
    if out:
        raise UsageError(f"Dataset {dataset.name} draws no picture.", "Leave out --out.")
    return ""


def describe(part: Any) -> list[dict[str, Any]]:
    """Describes the examples of a split: texts and numbers as they are, arrays by their shape."""
    examples = (part.example(index) for index in range(len(part)))
    return [{name: _example(value) for name, value in example.items()} for example in examples]


def _example(value: Any) -> Any:
    if hasattr(value, "shape") and value.ndim:
        if value.size <= 16:
            return value.tolist()
        return f"{value.dtype} {' x '.join(map(str, value.shape))}"
    if isinstance(value, str):
        return value if len(value) <= 2000 else value[:2000] + "..."
    return value.tolist() if hasattr(value, "tolist") else value


def verify(dataset: options.Dataset) -> None:
    """Check the files of a dataset against their known hashes."""
    rows = check(registry.dataset(dataset))
    damaged = [row for row in rows if row["status"] == "damaged"]
    if damaged:
        row = damaged[0]
        raise IntegrityError(
            f"{row['path']} is damaged: expected sha256 {row['expected'][:12]}..., "
            f"received {row['sha256'][:12]}... ({row['size']:,} bytes).",
            f"Clear the cache with: deepzoo data rm {dataset}",
        )
    if console.json:
        console.emit(rows)
    elif not rows:
        console.note(f"{dataset} is made by definition or from your own files: nothing to check.")
    else:
        cells = [
            [row["name"], row["status"], outputs.text(row["size"]), row["path"] or ""]
            for row in rows
        ]
        console.table(["FILE", "STATUS", "BYTES", "PATH"], cells, (2,))


def path(dataset: options.Dataset) -> None:
    """Print where the files of a dataset are."""
    found_paths = paths(registry.dataset(dataset))
    if console.json:
        console.emit({name: str(path) if path else None for name, path in found_paths.items()})
        return
    for name, where in found_paths.items():
        if where is None:
            console.note(f"{name}: not here yet; training downloads it")
        else:
            console.result(where)
    if not found_paths:
        console.note(f"{dataset} has no files of its own.")


def remove(dataset: options.Dataset) -> None:
    """Delete what was downloaded for a dataset, and its baselines; your own files stay."""
    from ...training.cached_runs import remove_cached

    cls = registry.dataset(dataset)
    removed = [*clear(cls), *remove_cached(cls)]
    if console.json:
        console.emit({"removed": [str(path) for path in removed]})
        return
    for file in removed:
        console.note(f"removed {file}")
    if not removed:
        console.note("Nothing was cached.")


DATA = Group(
    data,
    {
        "show": Entry("deepzoo.cli.commands.data:show"),
        "verify": Entry("deepzoo.cli.commands.data:verify"),
        "path": Entry("deepzoo.cli.commands.data:path"),
        "rm": Entry("deepzoo.cli.commands.data:remove"),
    },
)
