"""`info`: everything about one name."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ...data.cache import paths
from ...errors import UnknownNameError, UsageError, did_you_mean
from ...interfaces.dataset import Dataset
from ...plugins import registry
from ...runs.changes import as_json
from ...runs.shipped import SUFFIX
from .. import command, complete, options, outputs
from ..console import console

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="A dataset, model, task, experiment or kind.",
        autocompletion=complete.name,
    ),
]
CATEGORIES = ("dataset", "model", "task", "experiment", "kind")
LATER = ("network", "example")


def info(name: Name, dataset: options.ForDataset = None) -> None:
    """Show everything about one dataset, model, task or experiment."""
    matches = _find(name)
    if dataset and not {"model", "task"} & {category for category, _ in matches}:
        raise UsageError(f"--dataset is for models and tasks; {name} is a {matches[0][0]}.")
    described = [describe(category, entry) for category, entry in matches]
    for row, (category, entry) in zip(described, matches, strict=True):
        if category == "task":
            row["example"] = _example(entry, dataset)
    if dataset and matches[0][0] == "model":
        from ... import api

        plan = api.train(dataset, model=name, dry_run=True)
        described[0]["dataset"] = dataset
        described[0]["network"] = plan
    if console.json:
        console.emit(described[0] if len(described) == 1 else described)
        return
    for number, description in enumerate(described):
        if number:
            console.result()
        _show(description)
    if not dataset and matches[0][0] == "model":
        console.note(f"\nIts layers: deepzoo info {name} --dataset D")


def _find(name: str) -> list[tuple[str, Any]]:
    """Finds a name in every category: `text` is a dataset and a kind."""
    everything = [
        (category, entry) for category in CATEGORIES for entry in registry.entries(category)
    ]
    matches = [item for item in everything if name in (item[1].name, item[1].qualified)]
    if not matches:
        known = [entry.name for _, entry in everything]
        raise UnknownNameError(
            f"Nothing is named '{name}'.{did_you_mean(name, known)}",
            "List names with: deepzoo datasets, models, tasks or experiments",
        )
    return matches


def describe(category: str, entry: Any) -> dict[str, Any]:
    """Describes a registered class as JSON data; imports nothing heavy."""
    cls = entry.cls
    row: dict[str, Any] = {
        "name": entry.name,
        "what": category,
        "about": command.description(cls) if complete.first_line(cls) else "",
        **entry.owner,
    }
    facts = {"dataset": _dataset, "model": _model, "task": _task, "experiment": _experiment}
    if category in facts:
        row.update(facts[category](cls))
    recipe = cls.options if category == "kind" else cls
    if hasattr(recipe, "settings") and category != "experiment":
        row["settings"] = [
            {
                "name": setting.name,
                "type": setting.annotation,
                "default": setting.default,
                "help": setting.help,
            }
            for setting in recipe.settings()
        ]
    return row


def _dataset(cls: Any) -> dict[str, Any]:
    return {
        "kind": cls.kind.name,
        "folder": cls.folder or cls.name,
        "license": cls.license,
        "homepage": cls.homepage,
        "citation": cls.citation,
        "files": [
            {
                "name": name,
                "paths": list(file.paths),
                "mirrors": list(file.mirrors),
                "sha256": file.sha256,
                "size": file.size,
            }
            for name, file in cls.files.items()
        ],
        "here": {name: str(path or "not on this machine") for name, path in paths(cls).items()},
    }


def _model(cls: Any) -> dict[str, Any]:
    return {"task": cls.task, "framework": cls.framework}


def _task(cls: Any) -> dict[str, Any]:
    return {
        "kinds": [kind.name for kind in cls.kinds],
        "model": cls.default_model,
        "baselines": list(cls.baselines),
        "metrics": [
            {"name": name, "better": metric.better, "help": metric.help}
            for name, metric in cls.metrics.items()
        ],
        "verbs": list(cls.verbs()),
        "plots": ["curves", *cls.plots],
        "shipped": [shipped.name + SUFFIX for _, shipped in registry.shipped_runs(cls.name)],
    }


def _example(entry: Any, dataset: str | None) -> dict[str, Any]:
    """Prepares a dataset, or the sample of one, and returns what networks get and return."""
    from ...workload import Workload

    if dataset is not None:
        workload = Workload.make(dataset, task=entry.qualified, assignments={})
        model, spec = workload.recipes.model.name, as_json(workload.prepared.spec)
        return {"dataset": dataset, "model": model, "spec": spec}
    for row in registry.datasets_for(entry.cls):
        if row.cls.sample is not Dataset.sample:
            task, model = registry.default_task(row.cls, entry.qualified)
            prepared = task().prepare(row.cls().sample(), model())
            where = {"dataset": f"the sample of {row.name}", "model": model.name}
            return {**where, "spec": as_json(prepared.spec)}
    return {}


def _experiment(cls: Any) -> dict[str, Any]:
    return {
        "source": cls.source,
        "dataset": cls.dataset,
        "model": cls.model,
        "settings": dict(cls.settings),
        "grid": {key: list(values) for key, values in cls.grid.items()},
        "figures": list(map(vars, cls.figures)),
        "samples": list(map(vars, cls.samples)),
        "claims": list(cls.claims),
    }


def _show(row: dict[str, Any]) -> None:
    console.heading(f"{row['name']} ({row['what']})")
    if row["about"]:
        console.result(row["about"])
    console.result()
    recipe = isinstance(row.get("settings"), list)
    outputs.show(row, leave_out=("name", "what", "about", *LATER, *["settings"] * recipe))
    if recipe and row["settings"]:
        console.heading("\nSettings (--set NAME=VALUE)")
        cells = [
            [setting["name"], outputs.text(setting["default"]), setting["help"]]
            for setting in row["settings"]
        ]
        console.table(["NAME", "DEFAULT", "MEANING"], cells)
    if row.get("network"):
        console.heading(f"\nOn {row['dataset']}")
        outputs.show(row["network"])
    if row.get("example"):
        example = row["example"]
        console.heading(f"\nWhat {example['model']} gets and returns, on {example['dataset']}")
        spec = {key: _array(value) for key, value in row["example"]["spec"].items()}
        outputs.show(spec)


def _array(value: Any) -> Any:
    """Says what an array is in a line, such as `float32 [28, 28, 1], 0 to 1`."""
    if not isinstance(value, dict):
        return value
    if "shape" not in value:
        return {name: _array(part) for name, part in value.items()}
    limits = [str(value[key]) for key in ("low", "high") if key in value]
    text = f"{value['dtype']} {value['shape']}".replace("None", "any")
    return text + (f", {' to '.join(limits)}" if len(limits) == 2 else "")
