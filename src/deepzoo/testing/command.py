"""`plugins check`: the conformance kit as a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..cli import complete, options
from ..cli.console import console

OWNERS = ("", "dataset", "kind", "task", "model")


def check(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A plugin, a distribution, or a folder with one."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Check every installed plugin.")
    ] = False,
    dataset: Annotated[
        str | None,
        typer.Option(
            metavar="D", help="Dataset for tasks and models.", autocompletion=complete.dataset
        ),
    ] = None,
    settings: options.Settings = None,
    limit: options.Limit = 100,
) -> None:
    """Run the conformance checks on a plugin and list every fault.

    Settings make a check fast: --set units=8 for all that have it, --set char-gru.units=8 for one.
    """
    from ..errors import UsageError
    from ..plugins.loader import load_plugins
    from .plugin_checks import examine

    if (name is None) is not everything:
        raise UsageError("Name a plugin, or give --all.", "List them with: deepzoo plugins")
    plugins = [plugin for plugin in load_plugins().found if not plugin.blocked]
    as_json, reports = console.json, []
    for plugin in plugins if everything else [name]:
        findings = examine(plugin, dataset=dataset, settings=_settings(settings), limit=limit)
        reports.append({"plugin": getattr(plugin, "name", plugin), **vars(findings)})
        if not as_json:
            _show(reports[-1])
    if as_json:
        console.emit(reports if everything else reports[0])
    if any(report["faults"] for report in reports):
        raise typer.Exit(1)


def _settings(assignments: Sequence[str] | None) -> dict[str, Any]:
    """Returns settings by the name of what has them, or plain where all that have them get them."""
    from ..interfaces.settings import parse

    settings: dict[str, Any] = {}
    for key, value in parse(assignments or ()).items():
        owner, _, setting = key.rpartition(".")
        group = settings if owner in OWNERS else settings.setdefault(owner, {})
        group[setting.replace("-", "_")] = value
    return settings


def _show(report: dict[str, Any]) -> None:
    """Prints what holds, then warnings and faults, then a summary."""
    for sentence in report["checked"]:
        console.result(sentence)
    for warning in report["warnings"]:
        console.warn(warning)
    for fault in report["faults"]:
        console.error(fault)
    count = len(report["faults"])
    verdict = f"has {count} fault{'s' * (count > 1)}" if count else "conforms"
    skipped = sum("Skipped: " in sentence for sentence in report["checked"])
    passed = len(report["checked"]) - skipped
    console.note(f"\n{report['plugin']} {verdict}: {passed} checks passed, {skipped} skipped.")
