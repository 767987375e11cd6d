"""What the networks of each built-in task get and return, as `deepzoo info TASK` prints it."""

from __future__ import annotations

import json

import pytest

from deepzoo import Example
from deepzoo.cli import main
from deepzoo.plugins import registry


@pytest.fixture(params=[entry.name for entry in registry.tasks()])
def task(request):
    return request.param


def test_info_prints_it(task, capsys):
    assert main(["info", task, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    row = next(row for row in (told if isinstance(told, list) else [told]) if row["what"] == "task")
    spec = row["example"]["spec"]
    assert spec["outputs"] in ("logits", "probabilities", "values")
    assert main(["info", task]) == 0
    out = capsys.readouterr().out
    assert f"What {row['example']['model']} gets and returns, on the sample of" in out
    assert f"{spec['targets']['dtype']} [" in out


def test_every_model_declares_its_own(task):
    """Prepares the sample for each model of the task; the first examples are as declared."""
    entry = registry.find("task", task)
    datasets = [row.cls for row in registry.datasets() if issubclass(row.cls.kind, entry.cls.kinds)]
    splits = next(cls for cls in datasets if cls.name != cls.kind.name)().sample()
    models = [row.cls for row in registry.models() if row.cls.task == task]
    assert models
    for model in models:
        prepared = entry.cls().prepare(splits, model())
        assert isinstance(prepared.spec, Example), model.name
        few = range(min(3, len(prepared.train)))
        prepared.spec.check_batch(prepared.train.batch(list(few)), model.name)
