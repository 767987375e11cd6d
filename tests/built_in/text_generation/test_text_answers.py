"""Answers that can be used: unknown characters count, empty texts are not scored, long prompts."""

from __future__ import annotations

import logging
import math

import numpy as np
import pytest
from deepzoo_text_generation.inference import sentence_end
from deepzoo_text_generation.prepare import token_row
from deepzoo_text_generation.scoring import measurable
from deepzoo_text_generation.task import TextGeneration
from deepzoo_text_generation.vocabulary import BITS_OF_ANY_CHARACTER, Vocabulary
from text_cases import QUICK, documents, train

from deepzoo import api, summarise
from deepzoo.errors import UsageError
from deepzoo.sampling import sampler


@pytest.fixture
def run():
    """Trains a small run on short documents."""
    return train(documents())


def test_predict_counts_unknown_characters_as_evaluate_does(run, caplog):
    known = run.predict("Qaeiou")
    answer = run.predict("Qa§eiou§", top=2)
    assert answer["unknown"] == 2
    expected = 6 * known["bits_per_character"] + 2 * BITS_OF_ANY_CHARACTER
    assert answer["bits_per_character"] == pytest.approx(expected / 8)
    assert "Unknown characters: '§': 2 of 8 characters" in caplog.text
    assert "unknown" not in known


def test_predict_counts_the_characters_of_unknown_words():
    run = api.train(
        "text", data=[f"the cat {n % 30} sat" for n in range(300)], model="word-gru", epochs=1,
        settings={**QUICK, "vocabulary_size": 50},
    )  # fmt: skip
    answer = run.predict("the zebra sat")
    assert answer["unknown"] == len("zebra")
    assert answer["bits_per_character"] >= len("zebra") * 8 / len("the zebra sat")


@pytest.mark.parametrize(("verb", "model"), [("generate", "xz"), ("predict", "xz")])
def test_a_model_that_cannot_do_a_verb_says_so(verb, model):
    run = api.train("text", data=documents(), model=model, settings={"evaluate_texts": 0})
    with pytest.raises(UsageError, match=rf"\(xz\) scores whole texts and cannot {verb}"):
        getattr(run, verb)("Qa")


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("", set()),
        ("  ", set()),
        ("a b", {"loops"}),
        ("a b c", {"loops", "distinct_3"}),
        ("x" * 30, {"loops", "copied"}),
    ],
)
def test_what_cannot_be_measured_is_left_out(text, measures):
    assert {name for name, fits in measurable([text]).items() if fits[0]} == measures


def test_empty_texts_are_no_best_texts(monkeypatch, run):
    task = TextGeneration(evaluate_texts=3)
    prepared = run.with_data(documents()).workload().prepared
    written = ["", "short", "one two three and some more words in a row"]
    monkeypatch.setattr(TextGeneration, "_texts", lambda self, *arguments, **options: written)
    scores = task.evaluate(run.network, prepared.test, prepared)
    assert scores["copied"].weights.tolist() == [0, 0, 1]
    remarks = task.remarks(scores, prepared)
    assert "loops: 1 of 3 generated texts have fewer than 1 character and are left out." in remarks
    written[:] = ["", "", ""]
    scores = task.evaluate(run.network, prepared.test, prepared)
    assert [name for name in scores if math.isnan(summarise(scores[name])[0])] == [
        "copied",
        "loops",
        "distinct_3",
        "real_words",
    ]
    assert "copied: 3 of 3 generated texts" in task.remarks(scores, prepared)[0]


@pytest.mark.parametrize(("size", "dtype"), [(256, "uint8"), (257, "uint16"), (65_537, "uint32")])
def test_tokens_have_room_for_the_vocabulary(size, dtype):
    words = ["", "\ufffd", *(f"w{number}" for number in range(size - 2))]
    vocabulary = Vocabulary(words, level="word")
    row = token_row([f"w0 w{size - 3}"], vocabulary)
    assert row.dtype == dtype
    assert row[-2] == size - 1


def sentences(count: int) -> str:
    """Makes sentences of random words, with line breaks anywhere inside them."""
    rng = np.random.default_rng(1)

    def word() -> str:
        return "".join(rng.choice(list("abcdefgh"), rng.integers(2, 6)))

    made = [" ".join(word() for _ in range(6)).capitalize() + "." for _ in range(count)]
    return " ".join(made).replace(" a", "\na")


def test_without_a_prompt_one_long_text_begins_where_sentences_begin():
    settings = {"evaluate_texts": 0, "evaluate_characters": 2_000}
    run = api.train("text", data=[sentences(800)], model="char-6gram", settings=settings)
    texts = run.generate(n=20, length=3, min_length=0, seed=0)
    assert sum(text[:1].isupper() for text in texts) >= 17
    run.record["split_sizes"]["train"] = 2  # of several documents each begins at its start
    texts = run.generate(n=20, length=3, min_length=0, seed=0)
    assert sum(text[:1].isupper() for text in texts) <= 3


@pytest.mark.parametrize(
    ("tokens", "end"), [(["", " ", ".", "a"], ". "), (["", "。", "猫"], "。"), (["", "a"], "")]
)
def test_the_end_of_a_sentence_is_found_in_the_vocabulary(tokens, end):
    assert sentence_end(Vocabulary(tokens)) == end


def test_reading_a_long_prompt_shows_progress(run, monkeypatch, caplog):
    monkeypatch.setattr(sampler, "SECONDS_BETWEEN_NOTES", 0.0)
    caplog.set_level(logging.INFO, "deepzoo")
    run.generate("Qaeiou", length=2, seed=0)
    run.predict("Qaeiou")
    assert "Reading the prompt: 5 of 6 tokens" in caplog.text
    assert np.isfinite(run.predict("")["next"][0]["probability"])
