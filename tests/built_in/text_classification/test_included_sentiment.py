"""The included network on ten reviews whose labels were written before it was asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

import deepzoo
from deepzoo.cli import main
from deepzoo.errors import DataError

REVIEWS = {
    "I have not laughed this much in years. Go and see it with a friend.": "positive",
    "The plot makes no sense and the acting is even worse.": "negative",
    "A quiet, beautiful film about growing old. It stayed with me for days.": "positive",
    "Two hours of my life that I will never get back.": "negative",
    "The best thing about this movie is that it ends.": "negative",
    "Great performances by the whole cast, and a wonderful score.": "positive",
    "I fell asleep after half an hour, and I was told I had missed nothing.": "negative",
    "Funny, warm and well written: my children want to watch it again.": "positive",
    "It tries hard to be clever, but it is just dull and far too long.": "negative",
    "One of the finest thrillers of its decade, with a superb ending.": "positive",
}


def test_at_least_eight_of_ten_reviews_are_understood():
    answers = deepzoo.load("imdb@shipped").predict(*REVIEWS)
    right = sum(
        answer["label"] == label for answer, label in zip(answers, REVIEWS.values(), strict=True)
    )
    assert right >= 8


def test_the_words_that_decided_are_those_of_the_text():
    answer = deepzoo.load("imdb@shipped").predict("A waste of two hours.")
    assert answer["label"] == "negative"
    assert next(iter(answer["words"])) == "waste"
    assert set(answer["words"]) <= {"A", "waste", "of", "two", "hours"}
    assert deepzoo.load("imdb@shipped").predict("A waste.", words=0).keys() == {
        "label",
        "probability",
        "probabilities",
    }


def test_an_empty_text_is_refused():
    with pytest.raises(DataError, match="Text 2 of 2 is empty"):
        deepzoo.load("imdb@shipped").predict("good", "  ")


def test_each_line_of_a_file_is_a_text(tmp_path, capsys):
    path = tmp_path / "reviews.txt"
    path.write_text("wonderful\n\nawful\n", encoding="utf-8")
    assert main(["predict", "imdb@shipped", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.index("positive") < out.index("awful") < out.rindex("negative")


def test_it_answers_without_a_framework():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('keras', 'tensorflow', 'sklearn')));"
        "import deepzoo; print(deepzoo.load('imdb@shipped').predict('A waste.')['label'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "negative"
