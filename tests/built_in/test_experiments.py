"""All published experiments: every setting exists, and every figure belongs to a cell."""

from __future__ import annotations

import pytest

from deepzoo.interfaces.settings import assign
from deepzoo.plugins import registry


@pytest.fixture(params=[entry.name for entry in registry.experiments()])
def experiment(request):
    """Each experiment of every built-in plugin."""
    return next(entry.cls for entry in registry.experiments() if entry.name == request.param)


def owners(experiment, model):
    """The recipes whose settings an experiment may name."""
    dataset = registry.dataset(experiment.dataset)
    task, model = registry.default_task(dataset, None, model)
    return {"dataset": dataset, "kind": dataset.kind.options, "task": task, "model": model}


def test_what_was_swept_includes_what_was_published(experiment):
    for key, values in experiment.grid.items():
        assert experiment.settings.get(key, values[0]) in values


def test_every_setting_exists_and_every_value_is_allowed(experiment):
    for model in experiment.models():
        recipes = assign(owners(experiment, model), experiment.settings)
        for key, value in experiment.settings.items():
            owner, name = key.split(".")
            assert getattr(recipes[owner], name) == value
        for key in experiment.grid.keys() - {"model"}:
            for value in experiment.grid[key]:
                assign(owners(experiment, model), {key: value})


def test_figures_belong_to_cells_of_the_grid(experiment):
    for figure in experiment.figures:
        when = dict(figure.when)
        assign(owners(experiment, when.pop("model", experiment.model)), when)
        for key, value in figure.when.items():
            assert value in experiment.grid.get(key, (value,))
