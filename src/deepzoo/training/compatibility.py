"""Whether a run can be resumed: same settings, shapes and versions as before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ResumeError
from ..runs import restore
from ..runs.changes import as_json, difference
from .progress import Message, Report
from .record import origin, versions

if TYPE_CHECKING:
    from ..runs.folder import RunFolder
    from ..workload import Workload


def refuse_changes(run: RunFolder, workload: Workload) -> None:
    """Compares what a run's network was built for with what its data and settings give now.

    Raises:
        ResumeError: The preprocessor or the shapes are others than before.
    """
    spec = as_json(workload.prepared.spec)
    known = {key: spec[key] for key in spec if key in run.spec}  # a later version adds some
    for what, before, now in (
        ("preprocessor", run.preprocessor, as_json(workload.prepared.preprocessor)),
        ("network's shapes", run.spec, known),
    ):
        if before != now:
            raise ResumeError(
                f"The {what} of {run.id} would be another one: {difference(before, now)}.",
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
    """Warns if versions have changed since the run started: it may not be bit-identical."""
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
        text = f"Versions have changed ({', '.join(changed)}): results may differ slightly."
        report(Message("warning", text))
