"""The file `run.json`: its name, its format, and a look at its form before it is trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .errors import CheckpointError

FORMAT = 1
RECORD = "run.json"
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
