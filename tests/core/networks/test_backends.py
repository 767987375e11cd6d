"""One train-and-use test per task on whichever backend `KERAS_BACKEND` names.

Run by hand where JAX or PyTorch are installed: `KERAS_BACKEND=jax pytest -m backends`.
"""

from __future__ import annotations

import numpy as np
import pytest
from training_cases import cut_after

from deepzoo import api
from deepzoo.errors import Interrupted

pytestmark = pytest.mark.backends

TEXT = {
    "units": 16,
    "embedding": 8,
    "buckets": 64,
    "sequence_length": 10,
    "batch_size": 8,
    "epochs": 2,
    "evaluate_texts": 2,
}


@pytest.mark.parametrize("model", ["char-best", "char-gru", "char-lstm", "word-gru"])
def test_text_generation_trains_and_writes(model):
    run = api.train("text", data=SENTENCES, model=model, settings=fitting(model))
    losses = [row["loss"] for row in run.history]
    assert losses[-1] < losses[0]
    text = run.generate("the cat", seed=1, length=10)
    assert text.startswith("the cat")
    assert text == run.reload().generate("the cat", seed=1, length=10)


def test_an_interrupted_run_goes_on(monkeypatch, tmp_path):
    path = tmp_path / "cats.txt"
    path.write_text("\n".join(SENTENCES), encoding="utf-8")
    settings = fitting("char-best")
    whole = api.train("text", data=path, model="char-best", settings=settings)
    with monkeypatch.context() as patched:
        cut_after(patched, 7)
        with pytest.raises(Interrupted) as stopped:
            api.train("text", data=path, model="char-best", settings=settings)
    resumed = api.resume(stopped.value.hint.split()[-1])
    losses = [[row["loss"] for row in run.history] for run in (whole, resumed)]
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)


IMAGES = {
    "resnet-small": {"width": 4, "widths": [6, 8], "epochs": 12},
    "cnn": {"units": 16},
    "mlp": {"units": 16},
}


@pytest.mark.parametrize("model", IMAGES)
def test_image_classification_trains_and_predicts(model):
    labels = np.arange(160) % 2
    pixels = np.random.default_rng(0).integers(0, 60, (160, 12, 12, 1)).astype(np.uint8)
    pixels[labels == 1, 3:9, 3:9] += 150
    data = (pixels, np.where(labels, "square", "empty"))
    settings = {"epochs": 4, "batch_size": 16, "learning_rate": 0.01, "optimizer": "adam"}
    run = api.train(data=data, model=model, settings={**settings, **IMAGES[model]})
    losses = [row["loss"] for row in run.history]
    assert losses[-1] < losses[0]
    assert run.metrics["accuracy"] > 0.8
    assert run.predict(pixels[1]) == run.reload().predict(pixels[1])


@pytest.mark.parametrize("model", ["column-gru", "seq2seq-lstm"])
def test_addition_trains_and_answers(model):
    settings = {"examples": 2000, "test_examples": 50, "digits": 1, "base": 16, "units": 16}
    run = api.train("addition", model=model, epochs=4, settings={**settings, "batch_size": 16})
    losses = [row["loss"] for row in run.history]
    assert losses[-1] < losses[0]
    asked = ["1+f", "abc+1"]
    assert run.predict(*asked) == run.reload().predict(*asked)


@pytest.mark.parametrize("model", ["transformer-small", "char-seq2seq"])
def test_translation_trains_and_translates(model):
    settings = {"batch_size": 8, "learning_rate": 0.003, "evaluate_sentences": 8}
    settings |= {"units": 16} if model == "char-seq2seq" else {"width": 16, "hidden": 32}
    run = api.train(
        "english-dutch", model=model, sample=True, epochs=2, limit=400, settings=settings
    )
    losses = [row["loss"] for row in run.history]
    assert losses[-1] < losses[0]
    sentence = "the old dog sees a house"
    assert run.predict(sentence, beam=3) == run.reload().predict(sentence, beam=3)


def fitting(model: str) -> dict:
    """Leaves out the settings that a model does not share."""
    return {key: value for key, value in TEXT.items() if key != "buckets" or model == "char-best"}


SENTENCES = [
    f"the {who} sat on the {where} and {what} the {whom}"
    for who in ("cat", "dog", "hen", "cow")
    for where in ("mat", "mill", "moor")
    for what in ("saw", "met", "fed")
    for whom in ("king", "queen", "cook")
    if who[0] != whom[0]
]


@pytest.mark.parametrize("model", ["basket-mlp", "dae"])
def test_the_recommender_trains_and_recommends(model):
    settings = {"batch_size": 32, "learning_rate": 0.005, "epochs": 3}
    run = api.train("groceries", sample=True, model=model, settings=settings)
    losses = [row["loss"] for row in run.history]
    assert losses[-1] < losses[0]
    basket = run.preprocessor["items"][0]
    again = run.reload()
    np.testing.assert_allclose(
        run.numpy_network.predict(np.eye(53, dtype="float32")[:5]),
        again.network.predict(np.eye(53, dtype="float32")[:5]),
        rtol=1e-4,
        atol=1e-5,
    )
    assert run.predict(basket) == again.predict(basket)
