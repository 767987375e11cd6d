"""Whether a run can be resumed: same data, settings, shapes and versions as before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ResumeError
from ..runs import restore
from .progress import Message, Report
from .record import origin, versions

if TYPE_CHECKING:
    from ..runs.folder import RunFolder
    from ..workload import Workload


def refuse_changes(run: RunFolder, workload: Workload, allow_data_change: bool) -> None:
    """Compares what a run was trained on with what is there now.

    Raises:
        ResumeError: The data, the vocabulary or the shapes are others than before.
    """
    old, new = run.record.get("fingerprint"), workload.data.fingerprint
    if old != new and not allow_data_change:
        raise ResumeError(
            f"The data of {run.id} have changed: fingerprint {str(old)[:12]} then, {new[:12]} now.",
            f"Restore them, or: deepzoo resume {run.id} --allow-data-change",
        )
    for what, before, now in (
        ("preprocessor", run.preprocessor, workload.prepared.preprocessor),
        ("network's shapes", run.spec, _json(workload.prepared.spec)),
    ):
        if _json(before) != _json(now):
            raise ResumeError(
                f"The {what} of {run.id} would be another one: {difference(before, _json(now))}.",
                "Restore the data and the settings, or train a new run.",
            )


def refuse_other_settings(run: RunFolder, state: Mapping[str, Any]) -> None:
    """Compares the settings of a run with those that its checkpoint was written with.

    Raises:
        ResumeError: `run.json` was edited since.
    """
    before, now = state.get("settings", run.settings), run.settings
    if before != now:
        raise ResumeError(
            f"The settings of {run.id} are not those of its checkpoint: {difference(before, now)}.",
            "Put them back in run.json, or train a new run.",
        )


def warn_about_versions(run: RunFolder, report: Report) -> None:
    """Warns where versions have changed since the run was started: its bits may differ."""
    before, now = run.record.get("versions", {}), versions()
    changed = [
        f"{name} {before[name]} -> {now[name]}"
        for name in before
        if name in now and before[name] != now[name]
    ]
    for owner, plugin in run.record.get("plugins", {}).items():
        version = origin(restore.find_class(run, owner))["version"]
        change = f"{plugin['distribution']} {plugin['version']} -> {version}"
        if version != plugin["version"] and change not in changed:
            changed.append(change)
    if changed:
        text = f"Versions have changed ({', '.join(changed)}): equal bits are not promised."
        report(Message("warning", text))


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


def _json(data: Any) -> Any:
    """Returns data as they are when they have been written as JSON and read again."""
    return json.loads(json.dumps(data))
