"""`runs ship`: puts a finished run into a plugin, so that it works right after installing."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from ... import api
from ...errors import UsageError
from ...runs.formats import PREPROCESSOR, RECORD, WEIGHTS
from ...runs.shipped import SUFFIX
from ...runs.store import check_name
from ...system.files import file_sha256, read_json, write_bytes, write_json, write_text
from .. import options
from ..console import console

FILES = (RECORD, PREPROCESSOR, "history.json", "metrics.json", WEIGHTS)
_LEFT_OUT = ("pid", "host", "sha256")  # what concerns the machine alone, and other weights
_MODULE = '''"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
{runs})
'''
_RUN = """    Shipped(
        TRAINED / "{name}",
        task="{task}",
        example={example},
        sha256={{
{hashes}
        }},
    ),
"""
HOOK = 'register_runs = deepzoo.lazy_hook(__name__, "shipped:SHIPPED")'


def ship(
    run: options.Run,
    plugin: Annotated[str, typer.Argument(metavar="FOLDER", help="The plugin's Python package.")],
    example: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="A command for users to try.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Its name; that of its dataset.")
    ] = None,
) -> None:
    """Put a run into a plugin, so that it works right after installing."""
    package, opened = Path(plugin), api.load(run)
    if not (package / "__init__.py").is_file():
        raise UsageError(
            f"{package} is no Python package: expected a folder with __init__.py.",
            "Name the folder of the plugin's code, such as src/deepzoo_haiku",
        )
    name = check_name(name or opened.dataset)
    folder = package / "trained" / name
    before = read_json(folder / RECORD).get("example") if (folder / RECORD).is_file() else None
    example = example or before
    if not example:
        raise UsageError(
            "A run that is shipped has a command for users to try.",
            f"--example 'deepzoo predict {name} ...'",
        )
    # Written elsewhere first: the run may be the one that is replaced.
    with tempfile.TemporaryDirectory() as staging:
        _write(opened, Path(staging), name + SUFFIX, example)
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            shutil.copyfile(Path(staging, file), folder / file)
    write_text(package / "shipped.py", module(package / "trained"))
    shipped = api.load(folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    if console.json:
        row = {"run": name + SUFFIX, "path": str(folder), "size": size}
        console.emit({**row, "metrics": shipped.metrics})
        return
    console.result(f"{folder} ({size:,} bytes)")
    if "register_runs" not in (package / "__init__.py").read_text(encoding="utf-8"):
        console.note(f"Add to {package / '__init__.py'}: {HOOK}")


def _write(run: Any, folder: Path, id: str, example: str) -> None:
    """Writes what is shipped of a run: weights in half precision, and their scores."""
    from ...evaluation.score import score
    from ...networks.weights import to_bytes
    from ...training.cached_runs import baseline_scores

    weights = {
        name: array.astype("float16") if _fits(array) else array
        for name, array in run.arrays().items()
    }
    write_bytes(folder / WEIGHTS, to_bytes(weights))
    dataset = type(run.recipe("dataset"))
    facts = {name: getattr(dataset, name) for name in ("license", "citation", "homepage")}
    record = {name: value for name, value in run.record.items() if name not in _LEFT_OUT}
    write_json(folder / RECORD, {**record, "run": id, **facts, "example": example})
    write_json(folder / PREPROCESSOR, run.preprocessor)
    write_json(folder / "history.json", run.history)
    copy = type(run).open(folder, id=id, shipped=True)
    workload = run.workload()
    results = score(workload, copy, copy.network, baseline_scores(workload))
    write_json(folder / "metrics.json", results)


def _fits(array: Any) -> bool:
    """Says whether an array can be stored in half precision, whose largest number is 65,504."""
    return array.dtype == "float32" and abs(array).max(initial=0) <= 65504


def module(trained: Path) -> str:
    """Returns the `shipped.py` of a plugin: its runs, with the hash of each of their files."""
    runs = []
    for folder in sorted(path.parent for path in trained.glob(f"*/{RECORD}")):
        record = read_json(folder / RECORD)
        lines = [f'            "{name}": "{file_sha256(folder / name)}",' for name in FILES]
        example = record["example"]  # in double quotes, as formatters write it, unless it has some
        quoted = repr(example) if '"' in example else json.dumps(example, ensure_ascii=False)
        named = {"task": record["task"], "example": quoted}
        runs.append(_RUN.format(name=folder.name, **named, hashes="\n".join(lines)))
    return _MODULE.format(runs="".join(runs))
