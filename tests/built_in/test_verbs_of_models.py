"""Every verb with every model that trains without Keras: an answer, or a line that says why not."""

from __future__ import annotations

import inspect

import pytest
from same_answers import TINY, train

from deepzoo.cli.outputs import table_rows
from deepzoo.errors import UsageError
from deepzoo.interfaces.task import Verb
from deepzoo.plugins import registry

MODELS = [model for model in TINY if registry.find("model", model).cls.framework == "numpy"]


def first_input(splits):
    """Returns the first test example as a user would give it."""
    test = splits.test
    for field in ("documents", "sources", "pixels"):
        if hasattr(test, field):
            return getattr(test, field)[0]
    return test.items[0]


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize("model", MODELS)
def test_a_model_answers_or_says_that_it_cannot(model, caplog):
    run = train(model)
    value = first_input(run.workload().data.splits)
    for name, call in run.verbs().items():
        method = type(run.recipe("task")).verbs()[name]
        takes = list(inspect.signature(method).parameters.values())[2:]
        inputs = [value] if any(p.kind is not p.KEYWORD_ONLY for p in takes) else []
        answer, refusal = None, ""
        try:
            answer = call(*inputs)
        except UsageError as error:
            refusal = error.message
        if answer is None:
            assert f"{run.id} ({model})" in refusal, name
        elif columns := Verb.of(method).columns:
            rows = table_rows(["an input"], [answer])
            assert all(set(row) <= {"input", *columns} for row in rows), name
