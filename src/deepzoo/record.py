"""What `run.json` says about a run: names, settings, versions, device, command."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any

from . import registry
from .errors import ResumeError

if TYPE_CHECKING:
    from .devices import Device
    from .job import Job


def describe(job: Job, device: Device | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """Collects the fields of `run.json` that are known before the training starts."""
    names = {owner: job.recipes[owner].name for owner in ("dataset", "task", "model")}
    data = job.data
    return {
        **names,
        "plugins": {owner: origin(type(job.recipes[owner])) for owner in names},
        "settings": job.settings,
        "seed": job.seed,
        "limit": job.limit,
        "data": data.source,
        "data_path": job.path.name if job.path else None,
        "data_given": job.given is not None and not data.files,
        "files": data.files,
        "fingerprint": data.fingerprint,
        "notes": list(data.notes),
        "spec": job.prepared.spec,
        "versions": versions(),
        "backend": device.backend if device else "numpy",
        "device": device.name if device else "cpu",
        "device_reason": device.reason if device else "a network without Keras",
        "threads": device.threads if device else 1,
        "precision": options.get("precision", "float32"),
        "deterministic": bool(options.get("deterministic")),
        "command": command(job, options),
        "watch_test": job.recipes["model"].watch_test,
    }


def versions() -> dict[str, str]:
    """Returns the versions that decide whether a run can be repeated bit for bit."""
    found = {"python": platform.python_version()}
    for name in ("deepzoo", "keras", "numpy", "tensorflow", "jax", "torch"):
        if name in ("deepzoo", "numpy") or name in sys.modules:
            try:
                found[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                found[name] = "unknown"
    return found


def command(job: Job, options: Mapping[str, Any]) -> str:
    """Writes the command line that repeats a training."""
    names = {owner: job.recipes[owner].name for owner in ("dataset", "task", "model")}
    words = ["deepzoo", "train", names["dataset"], "--task", names["task"]]
    words += ["--model", names["model"], "--seed", str(job.seed)]
    if job.path:
        words += ["--data", job.path.name]
    if job.sample:
        words += ["--sample"]
    if job.limit:
        words += ["--limit", str(job.limit)]
    for option, value in options.items():
        if value not in (None, False, "auto", "float32"):
            words += [f"--{option.replace('_', '-')}"] + ([] if value is True else [str(value)])
    for owner, recipe in job.recipes.items():
        defaults = type(recipe)().as_dict()
        for name, value in recipe.as_dict().items():
            if value != defaults[name]:
                words += ["--set", f"{owner}.{name}={_spelled(value)}"]
    return shlex.join(words)


def refuse_changes(run: Any, job: Job, allow_data_change: bool) -> None:
    """Compares what a run was trained on with what is there now.

    Raises:
        ResumeError: The data, the vocabulary or the shapes are others than before.
    """
    old, new = run.record.get("fingerprint"), job.data.fingerprint
    if old != new and not allow_data_change:
        raise ResumeError(
            f"The data of {run.id} have changed: fingerprint {str(old)[:12]} then, {new[:12]} now.",
            f"Restore them, or: deepzoo resume {run.id} --allow-data-change",
        )
    for what, before, now in (
        ("preprocessor", run.preprocessor, job.prepared.preprocessor),
        ("network's shapes", run.spec, _json(job.prepared.spec)),
    ):
        if _json(before) != _json(now):
            raise ResumeError(
                f"The {what} of {run.id} would be another one: {difference(before, _json(now))}.",
                "Restore the data and the settings, or train a new run.",
            )


def refuse_other_settings(run: Any, state: Mapping[str, Any]) -> None:
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


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Says in a few words how two JSON objects differ.

    Example:
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


def origin(cls: type[Any]) -> dict[str, str]:
    """Says which plugin registered a class."""
    entry = registry.registered(cls)
    return {
        "plugin": entry.plugin,
        "distribution": entry.distribution,
        "version": entry.version,
    }


def _spelled(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(data: Any) -> Any:
    import json

    return json.loads(json.dumps(data))
