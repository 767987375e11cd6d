"""How long texts are: at least what documents usually are by half, unless told otherwise."""

from __future__ import annotations

import json

import pytest
from deepzoo_text_generation import prepare
from deepzoo_text_generation.inference import shortest_text
from deepzoo_text_generation.models import CharBest, CharGRU

import deepzoo
from deepzoo import Splits, Text
from deepzoo.cli import main
from deepzoo.errors import UsageError


def test_texts_of_the_included_model_have_sixty_characters_or_more():
    texts = deepzoo.generate("Today I will", n=80, seed=3)
    assert min(map(len, texts)) >= 60
    assert max(map(len, texts)) <= len("Today I will") + 140
    free = deepzoo.generate("Today I will", n=80, seed=3, min_length=0)
    assert min(map(len, free)) < 60


def test_a_least_length_counts_the_prompt_and_is_an_option(capsys):
    options = ["--min-length", "120", "--seed", "1", "--json", "-n", "6"]
    assert main(["generate", "Today I will", *options]) == 0
    texts = json.loads(capsys.readouterr().out)["outputs"]
    assert all(120 <= len(text) <= 152 for text in texts)
    assert main(["generate", "Today I will", "--min-length", "-1"]) == 2


def test_a_length_that_ends_the_text_before_its_least_length_is_refused():
    with pytest.raises(UsageError, match="length 5 ends a text of 17 tokens"):
        deepzoo.generate("Today I will", seed=1, length=5, min_length=100)
    assert len(deepzoo.generate("Today I will", seed=1, length=5, min_length=17)) == 17


@pytest.mark.parametrize(("model", "known"), [(CharBest, True), (CharGRU, False)])
def test_the_usual_length_is_known_where_an_end_is_learned(model, known):
    text = Text(["Ann", "Charlotte", "Bertha"] * 9)
    prepared = prepare.prepare(
        Splits(text, text, text),
        model(sequence_length=8),
        lower_case=False,
        evaluate_characters=100,
    )
    assert prepared.spec.get("usual_length") == (6 if known else None)
    assert shortest_text(prepared.spec) == (3 if known else 0)
