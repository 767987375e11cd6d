"""What people have trained and asked with 0.1.0 comes out the same: texts, weights, answers."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from same_answers import (
    ANSWERS,
    PROMPT,
    QUESTIONS,
    RUNS,
    TINY,
    check_arrays,
    rounded,
    same_machine,
    train,
)

import deepzoo
from deepzoo.cli import main
from deepzoo.system import paths


@pytest.mark.parametrize("seed", ANSWERS["generate"])
def test_the_included_model_writes_the_same_texts(seed):
    assert deepzoo.generate(PROMPT, seed=int(seed)) == ANSWERS["generate"][seed]


@pytest.mark.parametrize("model", TINY)
def test_a_tiny_training_gives_the_same_weights_and_answers(model, capsys, tmp_path):
    run = train(model)

    check_arrays(run.arrays(), ANSWERS["arrays"][model])
    if model in ANSWERS["predict"] and same_machine():
        question = QUESTIONS.get(model) or picture(tmp_path / "one.png")
        capsys.readouterr()
        assert main(["predict", run.id, question, "--json"]) == 0
        (answer,) = json.loads(capsys.readouterr().out)
        assert answer.pop("input") == question
        assert rounded([answer]) == rounded(ANSWERS["predict"][model])


def picture(path):
    """Draws a digit 1."""
    from PIL import Image

    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:24, 12:16] = 255
    Image.fromarray(pixels).save(path)
    return str(path)


@pytest.fixture
def old_run(request):
    """Puts a run that 0.1.0 trained into the runs folder."""
    dataset, _, name = request.param.partition("/")
    shutil.copytree(RUNS / dataset / name, paths.runs() / dataset / name)
    return deepzoo.load(request.param)


@pytest.mark.parametrize("old_run", ANSWERS["runs"], indirect=True)
def test_a_run_made_by_0_1_opens_evaluates_and_resumes(old_run):
    expected = ANSWERS["runs"][old_run.id]
    before = dict(old_run.metrics)

    metrics = old_run.evaluate()["metrics"]

    assert before == expected["metrics"]
    assert metrics == pytest.approx(before, rel=1e-5, abs=1e-4)
    if "resumed" in expected:
        resumed = deepzoo.resume(old_run.id, epochs=2)
        check_arrays(resumed.arrays(), expected, "resumed")
