"""chrF and BLEU are those of sacrebleu, and their intervals those of drawing sentences again."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_translation.scoring import (
    bleu,
    bleu_statistics,
    bleu_values,
    chrf,
    chrf_statistics,
    chrf_values,
    per_sentence,
    words_13a,
)

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
# From sacrebleu 2.6.0: corpus_chrf(OUTPUTS, [REFERENCES]) and so on.
CORPUS = {"chrf": 45.9337368098, "bleu": 30.2025290057}
SENTENCES = {
    "chrf": [
        52.5556642256,
        100.0000000000,
        28.2630445460,
        32.7324350706,
        0.0000000000,
        54.2106489440,
        7.5757575758,
    ],
    "bleu": [
        20.5479956168,
        100.0000000000,
        15.2548760803,
        19.6407325450,
        0.0000000000,
        38.7201570507,
        6.5672747361,
    ],
}


def test_the_figures_of_all_sentences_are_those_of_sacrebleu():
    assert chrf_values(OUTPUTS, REFERENCES).mean() == pytest.approx(CORPUS["chrf"], abs=1e-8)
    assert bleu_values(OUTPUTS, REFERENCES).mean() == pytest.approx(CORPUS["bleu"], abs=1e-8)


def test_the_figures_of_single_sentences_are_those_of_sacrebleu():
    assert chrf(chrf_statistics(OUTPUTS, REFERENCES)) == pytest.approx(SENTENCES["chrf"], abs=1e-8)
    assert bleu(bleu_statistics(OUTPUTS, REFERENCES)) == pytest.approx(SENTENCES["bleu"], abs=1e-8)


def test_sacrebleu_itself_agrees():
    sacrebleu = pytest.importorskip("sacrebleu")
    rng = np.random.default_rng(0)
    outputs = [
        " ".join(rng.permutation(text.split())[: rng.integers(0, 9)]) for text in REFERENCES * 20
    ]
    references = REFERENCES * 20
    expected = sacrebleu.corpus_chrf(outputs, [references]).score
    assert chrf_values(outputs, references).mean() == pytest.approx(expected, abs=1e-8)
    expected = sacrebleu.corpus_bleu(outputs, [references]).score
    assert bleu_values(outputs, references).mean() == pytest.approx(expected, abs=1e-8)


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
    value, low, high, _ = summarise(Scores(per_sentence(figure, counts)))
    drawn = [figure(counts[rng.integers(0, 300, 300)].sum(axis=0)) for _ in range(400)]
    assert value == pytest.approx(float(figure(counts.sum(axis=0))))
    assert high - low == pytest.approx(2 * 1.96 * np.std(drawn), rel=0.2)


@pytest.mark.parametrize("values", [chrf_values, bleu_values])
def test_the_ends_of_the_scale(values):
    assert values(REFERENCES, REFERENCES) == pytest.approx(np.full(7, 100.0))
    assert values([""] * 7, REFERENCES) == pytest.approx(np.zeros(7))
    assert values(["x"], ["y"]) == pytest.approx([0.0])
    assert np.isfinite(values(["", "."], ["a", "."])).all()


def test_words_are_cut_as_by_the_script_that_defines_them():
    assert words_13a("Say &quot;no&quot;, 3.5% of 1,000-2 (x).") == (
        'Say " no " , 3.5 % of 1,000 - 2 ( x ) .'.split()
    )
