"""What has changed since a run was trained: its files, its data, its preprocessor."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Mapping
from typing import Any

from ..errors import DataError, UsageError
from ..system.files import file_sha256
from .folder import RunFolder
from .formats import OWN_SPLITS


def refuse_changed_files(run: RunFolder) -> None:
    """Compares the user's own file or folder with the record, before anything is read.

    Raises:
        DataError: It is missing, nobody knows where it is, or it is a file with other bytes.
        UsageError: The data were given in Python.
    """
    path, moved = run.data_path, f"If it has moved: deepzoo evaluate {run.id} --data PATH"
    if path is None and run.record.get("data_given"):
        raise UsageError(
            f"Run {run.id} was trained on data given in Python, which are not kept.",
            "Give them again: run.evaluate(data=...), or use the run's verbs.",
        )
    if path is None and run.record.get("data_path"):
        raise DataError(
            f"Run {run.id} was trained on {run.record['data_path']}; where that is on this "
            "machine is not known.",
            f"Name it: deepzoo evaluate {run.id} --data PATH",
        )
    if path is None:
        return
    if not path.exists():
        raise DataError(f"The data of {run.id} are missing: there is no {path}.", moved)
    files = run.record.get("files") or []
    recorded = files[0] if len(files) == 1 else {}
    if not recorded.get("sha256") or not path.is_file():
        return
    size, received = path.stat().st_size, recorded["sha256"]
    if size == recorded["size"] and (received := file_sha256(path)) == recorded["sha256"]:
        return
    before, now = f"{recorded['size']:,} bytes", f"{size:,} bytes"
    if size == recorded["size"]:
        before, now = f"sha256 {recorded['sha256'][:12]}", received[:12]
    raise _changed(run, f"{path}: {before} then, {now} now")


def refuse_random_splits(run: RunFolder, data: Any) -> None:
    """Refuses the user's own data that were still split at random when a run was trained on them.

    Raises:
        DataError: They are the same data in other splits.
    """
    if same_data(run, data) or run.record.get("own_splits") == OWN_SPLITS:
        return
    before, now = run.record.get("split_sizes") or {}, split_sizes(data)
    if same_files(run, data) or sum(before.values()) == sum(now.values()):
        raise DataError(
            f"Run {run.id} was trained when own data were split at random, and they are split by "
            "their content now: its test split is not known any more.",
            f"Train anew: {run.record.get('command', '')}",
        )


def refuse_changed_data(run: RunFolder, data: Any) -> None:
    """Compares data with those that a run was trained on.

    Args:
        run: The run.
        data: A `deepzoo.data.load.Data`.

    Raises:
        DataError: They are others; the message says what changed.
    """
    if same_data(run, data):
        return
    train = data.splits.train
    names = [field.name for field in dataclasses.fields(train)]
    fitted = run.preprocessor
    lists = {name: fitted[name] for name in names if isinstance(fitted.get(name), list)}
    now = {name: [str(item) for item in getattr(train, name)] for name in lists}
    counts = split_sizes(data)
    before = run.record.get("split_sizes") or counts
    changes = [difference(lists, now), difference(before, counts)]
    old, new = str(run.record.get("fingerprint"))[:12], data.fingerprint[:12]
    changes.append(f"fingerprint {old} then, {new} now")
    if same_files(run, data):
        version = run.record.get("versions", {}).get("deepzoo")
        changes.append(f"the files are the same, but deepzoo {version} read them in another way")
    raise _changed(run, "; ".join(change for change in changes if change))


def same_data(run: RunFolder, data: Any) -> bool:
    """Says whether data have the fingerprint of those that a run was trained on."""
    return run.record.get("fingerprint") in (None, data.fingerprint)


def same_files(run: RunFolder, data: Any) -> bool:
    """Says whether data were read from files with the hashes of those that a run was trained on."""
    hashes = [row["sha256"] for row in data.files]
    recorded = [row["sha256"] for row in run.record.get("files", [])]
    return hashes == recorded and bool(hashes) and all(hashes)


def split_sizes(data: Any) -> dict[str, int]:
    """Counts the examples of each split."""
    return {part: len(getattr(data.splits, part)) for part in ("train", "validation", "test")}


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Says in a few words how two JSON objects differ.

    Examples:
        >>> difference({"tokens": ["a", "b"]}, {"tokens": ["a", "b", "é"]})
        "tokens 2 -> 3 (+'é')"
    """
    parts = []
    for key in {**before, **now}:
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            changes = [f"+{item!r}" for item in new if item not in old][:5]
            changes += [f"-{item!r}" for item in old if item not in new][:5]
            parts.append(f"{key} {len(old)} -> {len(new)} ({', '.join(changes) or 'order'})")
        else:
            parts.append(f"{key} {old!r} -> {new!r}")
    return "; ".join(parts)


def as_json(data: Any) -> Any:
    """Returns data as they are when they have been written as JSON and read again."""
    return json.loads(json.dumps(data))


def _changed(run: RunFolder, what: str) -> DataError:
    words, path = shlex.split(str(run.record.get("command", ""))), run.data_path
    if path is not None and "--data" in words:
        words[words.index("--data") + 1] = str(path)
    if run.record.get("files"):
        what += f". `deepzoo evaluate {run.id} --data PATH` scores on other data"
    return DataError(
        f"The data of {run.id} have changed since it was trained: {what}.",
        f"Restore them, or train anew: {shlex.join(words)}",
    )
