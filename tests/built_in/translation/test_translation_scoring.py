"""chrF and BLEU are those of sacrebleu, and their intervals those of drawing sentences again."""

from __future__ import annotations

import numpy as np
import pytest
import sacrebleu
from deepzoo_translation.scoring import (
    bleu,
    bleu_scores,
    bleu_statistics,
    chrf,
    chrf_scores,
    chrf_statistics,
    has_bleu,
    words_13a,
)
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

from deepzoo import Scores
from deepzoo.evaluation.intervals import summarise

REFERENCES = [
    "Hij heeft altijd Japans willen leren.",
    "Dat is niet waar!",
    "Ik heb 3.5 km gelopen, zei ze.",
    "De kat zit op de mat.",
    "Waarom niet?",
    "Ze kwam om 10-12 uur & ging weer.",
    "Nee.",
]
OUTPUTS = [
    "Hij wilde altijd Japans leren.",
    "Dat is niet waar!",
    "Ik liep 3.5 km, zei zij.",
    "De hond zit op een mat.",
    "",
    "&quot;Ze&quot; kwam om 10-12 uur (en) ging.",
    "Ja hoor, dat is goed.",
]
FIGURES = [
    pytest.param(chrf, chrf_statistics, chrf_scores, sacrebleu.corpus_chrf, id="chrf"),
    pytest.param(bleu, bleu_statistics, bleu_scores, sacrebleu.corpus_bleu, id="bleu"),
]


@pytest.mark.parametrize(("figure", "statistics", "scores", "official"), FIGURES)
def test_figures_of_single_sentences_are_those_of_sacrebleu(figure, statistics, scores, official):
    expected = [
        official([output], [[reference]]).score
        for output, reference in zip(OUTPUTS, REFERENCES, strict=True)
    ]
    assert figure(statistics(OUTPUTS, REFERENCES)) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("figure", "statistics", "scores", "official"), FIGURES)
def test_figures_of_many_sentences_are_those_of_sacrebleu(figure, statistics, scores, official):
    rng, references = np.random.default_rng(0), REFERENCES * 20
    shuffled = [" ".join(rng.permutation(t.split())[: rng.integers(0, 9)]) for t in references]
    for outputs in (OUTPUTS * 20, shuffled):
        expected = official(outputs, [references]).score
        assert scores(outputs, references).values.mean() == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    "text",
    [
        *OUTPUTS,
        "a-\nb <skipped> 3,000.5-x",
        "&lt;b&gt; [x]{y}~`",
        "it's 1st.",
        "\u4e16\u754c\u3002 \u00bfsi?",
    ],
)
def test_words_are_those_of_sacrebleu(text):
    assert words_13a(text) == Tokenizer13a()(text).split()


@pytest.mark.parametrize(
    ("figure", "statistics"), [(chrf, chrf_statistics), (bleu, bleu_statistics)]
)
def test_an_interval_is_that_of_drawing_the_sentences_again(figure, statistics):
    rng = np.random.default_rng(1)
    references = [" ".join(rng.choice(list("abcdefgh"), 12)) for _ in range(300)]
    outputs = [
        " ".join(word if rng.random() < 0.8 else "x" for word in text.split())
        for text in references
    ]
    counts = statistics([text[: rng.integers(9, 40)] for text in outputs], references)
    value, low, high, _ = summarise(Scores.of_sums(figure, counts))
    drawn = [figure(counts[rng.integers(0, 300, 300)].sum(axis=0)) for _ in range(400)]
    assert value == pytest.approx(float(figure(counts.sum(axis=0))))
    assert high - low == pytest.approx(2 * 1.96 * np.std(drawn), rel=0.2)


@pytest.mark.parametrize("scores", [chrf_scores, bleu_scores])
def test_the_ends_of_the_scale(scores):
    assert scores(REFERENCES, REFERENCES).values == pytest.approx(np.full(7, 100.0))
    assert scores([""] * 7, REFERENCES).values == pytest.approx(np.zeros(7))
    assert scores(["x"], ["y"]).values == pytest.approx([0.0])
    assert np.isfinite(scores(["", "."], ["a", "."]).values).all()


def test_words_are_cut_as_by_the_script_that_defines_them():
    assert words_13a("Say &quot;no&quot;, 3.5% of 1,000-2 (x).") == (
        'Say " no " , 3.5 % of 1,000 - 2 ( x ) .'.split()
    )


def test_bleu_is_for_sentences_of_four_words():
    assert has_bleu(REFERENCES)
    assert not has_bleu(["我喜欢苹果。", "ฉันชอบกินข้าว", "Hello there."])
