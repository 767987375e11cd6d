"""Settings of the built-ins have one owner each, so that nobody has to qualify them."""

from __future__ import annotations

from collections import Counter

import pytest

from deepzoo.plugins import registry

PAIRS = [
    (dataset.name, model.name)
    for dataset in registry.datasets()
    for task in registry.tasks()
    for model in registry.models()
    if dataset.cls.kind in task.cls.kinds and model.cls.task == task.name
]


@pytest.mark.parametrize(("dataset", "model"), PAIRS, ids="-".join)
def test_no_two_owners_share_a_setting(dataset, model):
    data, network = registry.dataset(dataset), registry.model(model)
    task = registry.task(network.task)
    owners = (data, data.kind.options, task, network)
    names = Counter(setting.name for owner in owners for setting in owner.settings())
    assert [name for name, count in names.items() if count > 1] == []
