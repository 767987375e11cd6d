"""Resolving: which run a user means by a folder, an id, a name or a dataset."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import CheckpointError, DeepzooError, UnknownNameError, UsageError
from ..system import paths
from . import store
from .best_run import best_run, offers
from .folder import RunFolder
from .formats import RECORD
from .restore import find_class
from .shipped import SUFFIX, find_shipped, open_shipped


def resolve(
    reference: str | Path | RunFolder, *, task: str | None = None, verb: str | None = None
) -> RunFolder:
    """Finds the run that `reference` means.

    In this order: a folder with `run.json`; `dataset/run`; a run's name if only one
    run has it; a dataset's name, meaning its best finished run by validation; a
    shipped run (`tweets@shipped`, or the bare name when nothing else fits). A dataset may be
    written `distribution:name`; a bare name means what it means to `deepzoo train`.

    Args:
        reference: What the user wrote, or a run, which is returned if it fits.
        task: Name of the task it must be of.
        verb: What it must be able to do.

    Raises:
        UnknownNameError: Nothing fits; the message names what comes close.
        UsageError: Several runs or tasks fit, or the run cannot do that.
    """
    if isinstance(reference, RunFolder):
        return _checked(reference, task, verb)
    text = os.fspath(reference)
    if not text.strip():
        raise UsageError("Expected the name of a run, received nothing.", "See: deepzoo runs")
    if os.path.isfile(os.path.join(text, RECORD)):
        return _checked(RunFolder.open(text), task, verb)
    for find in (_by_id, _by_name, _by_dataset, _by_shipped):
        run = find(text, task, verb)
        if run:
            return _checked(run, task, verb)
    raise _unknown(text, task, verb)


def default_run(verb: str = "generate") -> RunFolder:
    """Finds the run that answers where none is named.

    It is the user's best finished run of the dataset that the task with a
    `prompt_default` names, on full or local data, and else the shipped one.

    Args:
        verb: What it must be able to do.

    Raises:
        UnknownNameError: No plugin ships such a run.
    """
    from ..plugins import registry

    for entry in registry.tasks():
        name = entry.cls.prompt_default
        shipped = find_shipped(name, entry.distribution, entry.name)
        if shipped and verb in entry.cls.verbs():
            runs = store.list_runs(f"{entry.distribution}:{name}")
            own = best_run(runs, task=entry.name, verb=verb, levels=("full", "local"))
            return own or open_shipped(*shipped[0])
    raise UnknownNameError(
        f"No plugin ships a run that can {verb}.", "Name one of yours with --run; see: deepzoo runs"
    )


def _by_id(text: str, task: str | None, verb: str | None) -> RunFolder | None:
    owned, slash, name = text.partition("/")
    distribution, _, dataset = owned.rpartition(":")
    if not slash:
        return None
    try:
        folder = paths.runs() / store.check_name(dataset) / store.check_name(name)
    except UsageError:
        return None
    run = RunFolder.open(folder) if (folder / RECORD).is_file() else None
    return run if run and distribution in ("", run.distribution) else None


def _by_name(text: str, task: str | None, verb: str | None) -> RunFolder | None:
    matches = [run for run in store.list_runs(name=text) if task in (None, run.task)]
    if len(matches) > 1:
        ids = ", ".join(run.id for run in matches)
        raise UsageError(
            f"Several runs are named '{text}': {ids}.", f"Write the one you mean: {matches[0].id}"
        )
    return matches[0] if matches else None


def _by_dataset(text: str, task: str | None, verb: str | None) -> RunFolder | None:
    runs = [run for run in store.list_runs(text) if task in (None, run.task)]
    if verb == "resume":
        unfinished = [run for run in runs if run.status in ("interrupted", "failed")]
        if len(unfinished) == 1:
            return unfinished[0]
        if unfinished:
            ids = ", ".join(run.id for run in unfinished)
            raise UsageError(
                f"Several runs of '{text}' are not finished: {ids}.",
                f"Write the one you mean: deepzoo resume {unfinished[-1].id}",
            )
    return best_run(runs, task=task, verb=verb)


def _by_shipped(text: str, task: str | None, verb: str | None) -> RunFolder | None:
    distribution, _, name = text.removesuffix(SUFFIX).rpartition(":")
    rows = find_shipped(name, distribution, task)
    if len(rows) > 1:
        known = [f"{plugin.distribution}:{name}{SUFFIX} ({run.task})" for plugin, run in rows]
        raise UsageError(
            f"Several plugins ship a run of '{name}': {', '.join(sorted(known))}.",
            "Write one of these names in full, or choose with --task.",
        )
    return open_shipped(*rows[0]) if rows else None


def _checked(run: RunFolder, task: str | None, verb: str | None) -> RunFolder:
    """Returns the run if it is whole, of the task, and can do what is asked."""
    if run.status == "corrupt":
        raise CheckpointError(f"Run {run.id} is damaged: {run.describe_error()}")
    if task not in (None, run.task):
        raise UsageError(f"Run {run.id} is of the task '{run.task}', not '{task}'.")
    if not offers(run, verb):
        verbs = ", ".join(find_class(run, "task").verbs()) or "no verbs"
        raise UsageError(f"Run {run.id} ({run.task}) cannot '{verb}'. It has: {verbs}.")
    return run


def _unknown(text: str, task: str | None, verb: str | None) -> DeepzooError:
    from ..errors import did_you_mean
    from ..plugins import registry

    runs = store.list_runs(text)
    if runs:
        states = ", ".join(f"{run.id} ({run.task or '?'}, {run.status})" for run in runs[-5:])
        wanted = f" of the task '{task}'" if task else ""
        wanted += f" that can '{verb}'" if verb else ""
        return UnknownNameError(
            f"'{text}' has no finished run{wanted}. It has: {states}.",
            f"Finish one with: deepzoo resume {runs[-1].id}"
            if runs[-1].status == "interrupted"
            else f"Train one with: deepzoo train {text}",
        )
    if os.path.isdir(text) and os.path.basename(text) != text:
        return UnknownNameError(f"The folder {text} is not a run: it has no {RECORD}.")
    datasets = [entry.name for entry in registry.datasets()]
    if text in datasets or text in [entry.qualified for entry in registry.datasets()]:
        return UnknownNameError(
            f"There is no run of '{text}' yet.", f"Train one with: deepzoo train {text}"
        )
    ids = store.list_ids()
    known = {*ids, *(id.partition("/")[2] for id in ids), *(id.partition("/")[0] for id in ids)}
    known |= {shipped.name + SUFFIX for _, shipped in registry.shipped_runs()} | set(datasets)
    return UnknownNameError(
        f"There is no run '{text}'.{did_you_mean(text, sorted(known))}",
        "List them with: deepzoo runs",
    )
