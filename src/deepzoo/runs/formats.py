"""The files of a run: names, formats, and checks of their form before they are trusted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import CheckpointError
from ..interfaces.scores import Scores
from ..system.files import write_bytes

FORMAT = 1
RECORD = "run.json"
WEIGHTS = "weights.safetensors"
PREPROCESSOR = "preprocessor.json"
EVALUATIONS = "evaluations"  # scores on other data than the run's own
OWN_SPLITS = "by content"  # how users' own data are split; in 0.1 they were drawn at random
LOCAL = "local.json"  # what concerns this machine alone: packed runs do not carry it
_SHAPES = {
    "dataset": str,
    "model": str,
    "task": str,
    "settings": dict,
    "spec": dict,
    "plugins": dict,
}


def checked_record(record: Any, path: str | Path) -> dict[str, Any]:
    """Returns the contents of a `run.json` after a look at its form.

    Raises:
        CheckpointError: It is not a run's record, or a newer deepzoo wrote it.
    """
    if not isinstance(record, dict) or not isinstance(record.get("format"), int):
        raise CheckpointError(f"{path} is not the record of a run: it has no format number.")
    if record["format"] > FORMAT:
        versions = record.get("versions")
        version = versions.get("deepzoo", "?") if isinstance(versions, dict) else "?"
        raise CheckpointError(
            f"{path} was written by deepzoo {version}: expected format {FORMAT}, "
            f"received {record['format']}.",
            "Update: pip install --upgrade deepzoo",
        )
    for field, expected in _SHAPES.items():
        if not isinstance(record.get(field, expected()), expected):
            raise CheckpointError(f"{path} is damaged: {field} is not a {expected.__name__}.")
    return record


def save_scores(path: Path, scores: Mapping[str, Scores]) -> None:
    """Writes scores per example: arrays `metric`, `metric/weights` and `metric/groups`."""
    import numpy as np

    arrays = {}
    for metric, item in scores.items():
        arrays[metric] = np.asarray(item.values)
        if item.weights is not None:
            arrays[f"{metric}/weights"] = np.asarray(item.weights)
        if item.groups is not None:  # numbered, since they may be names
            arrays[f"{metric}/groups"] = np.unique(item.groups, return_inverse=True)[1]
    memory = io.BytesIO()
    np.savez(memory, **arrays)
    write_bytes(path, memory.getvalue())


def load_scores(path: Path) -> dict[str, Scores]:
    """Reads what `save_scores` wrote.

    Raises:
        CheckpointError: The file is missing or damaged, or holds anything but numbers.
    """
    import numpy as np

    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            if sum(member.file_size for member in file.zip.infolist()) > path.stat().st_size:
                raise ValueError("it unpacks to more than its size")
            arrays = {name: np.asarray(array) for name, array in file.items()}
        if any(array.dtype.kind not in "fiub" or array.ndim != 1 for array in arrays.values()):
            raise ValueError("not a list of numbers")
    except (OSError, ValueError, TypeError, EOFError, MemoryError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"Cannot read the scores in {path}: {error}.") from error
    return {
        name: Scores(values, arrays.get(f"{name}/weights"), arrays.get(f"{name}/groups"))
        for name, values in arrays.items()
        if not name.endswith(("/weights", "/groups"))
    }
