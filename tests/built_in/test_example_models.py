"""The model that `plugins new --model TASK` writes for each task learns, is stored, and answers."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from deepzoo_text_generation import TextModel
from deepzoo_translation import TranslationModel

import deepzoo
from deepzoo.plugins import registry
from deepzoo.plugins.scaffold import new_plugin
from deepzoo.testing import check_model
from deepzoo.testing.trial_runs import workshop

PICTURE = np.zeros((28, 28), np.uint8)
# By task: its dataset, what makes model and scoring small, and a question for a verb.
SMALL = {
    "addition": ("addition", {"units": 12, "epochs": 6}, {}, ("predict", "57+68")),
    "autoencoding": ("mnist", {"units": 16}, {"code": 3}, ("encode", PICTURE)),
    "denoising": ("noisy-office", {"filters": 4}, {"patch": 32}, ("predict", PICTURE)),
    "image-classification": ("mnist", {"filters": 8}, {}, ("per_class",)),
    "pixel-generation": ("mnist", {"filters": 4}, {"drawn": 0}, ("generate",)),
    "recommender": ("groceries", {"units": 16}, {}, ("predict", "soda")),
    "text-classification": (
        "imdb",
        {"units": 8, "words": 20},
        {},
        ("predict", "A waste of two hours."),
    ),
    "text-generation": (
        "tweets",
        {"units": 16, "sequence_length": 10},
        {"evaluate_texts": 2, "evaluate_characters": 500},
        ("generate", "Today"),
    ),
    "translation": (
        "english-dutch",
        {"units": 16, "longest": 12},
        {"evaluate_sentences": 10},
        ("predict", "Where is the station?"),
    ),
}


@pytest.fixture(params=[entry.name for entry in registry.tasks()])
def example(request, tmp_path, monkeypatch):
    """Writes the plugin for a task; returns the task and the class of the model."""
    project = new_plugin(f"own-{request.param}", "model", request.param, tmp_path)
    monkeypatch.syspath_prepend(project)
    module = importlib.import_module(project.name.replace("-", "_"))
    return request.param, module.register_models()[0]


def test_the_example_of_a_task_learns_and_answers(example):
    task, model = example
    dataset, small, scored, (verb, *question) = SMALL[task]
    assert check_model(model, dataset=dataset, limit=100, **small, **scored)
    with workshop(model):
        run = deepzoo.train(
            dataset,
            model=model.name,
            sample=None if task == "addition" else True,
            limit=100,
            settings={**{f"model.{key}": value for key, value in small.items()}, **scored},
        )
        assert len(getattr(run, verb)(*question))


class Words(TextModel):
    """A model of words that does not say how many of them."""

    level = "word"


@pytest.mark.parametrize("model", [Words(), TranslationModel(level="words")], ids=["text", "pairs"])
def test_a_model_of_words_knows_words_without_a_setting_for_them(model):
    task = registry.task(model.task)
    splits = registry.datasets_for(task)[0].cls().sample()
    preprocessor = task().prepare(splits, model).preprocessor
    tokens = preprocessor.get("source", preprocessor)["tokens"]
    assert len([token for token in tokens if len(token.strip()) > 2]) > 20
