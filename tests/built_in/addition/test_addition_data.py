"""Sums: reading, computing, drawing, and their encodings."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_addition.datasets import Sums
from deepzoo_addition.inference import read_question
from deepzoo_addition.prepare import Characters, Columns, base_of, read_all
from deepzoo_addition.sums import DIGITS, Question, write
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.errors import DataError, UsageError
from deepzoo.testing import check_dataset

FEW = {"examples": 200, "validation_examples": 20, "test_examples": 30, "longer_examples": 10}
bases, numbers = st.integers(2, 16), st.integers(0, 10**6)


def sums(**settings):
    return Sums(**{**FEW, **settings}).load({})


def pairs(part):
    """Returns the two numbers of each question in one order, whatever the sign."""
    questions = read_all(part.sources)
    return [tuple(sorted((question.first, question.second))) for question in questions]


@given(st.integers(-(10**9), 10**9), bases)
def test_numbers_are_written_so_that_python_reads_them(number, base):
    assert int(write(number, base), base) == number


@given(numbers, numbers, st.sampled_from("+-"), bases)
def test_questions_are_read_and_computed_in_every_base(first, second, sign, base):
    text = f" {write(first, base).upper()} {sign}  {write(second, base)}"
    question = Question.read(text)
    assert int(question.answer(base), base) == (first + second if sign == "+" else first - second)
    assert Question.read(str(question)) == question
    assert question.digits == max(len(write(first, base)), len(write(second, base)))


@pytest.mark.parametrize(
    "text", ["57+", "+3", "57", "1++2", "1+2+3", "a*b", "", "-1+2", "1.5+2", "ß+1"]
)
def test_what_is_no_sum_is_not_read(text):
    assert Question.read(text) is None


def test_other_ways_of_writing_a_sign_are_read():
    assert Question.read("5\N{MINUS SIGN}3") == Question.read("\uff15 - \uff13") == ("5", "-", "3")


@pytest.mark.parametrize("base", [2, 3, 10, 16])
def test_the_base_is_found_from_right_answers(base):
    part = sums(base=base, digits=2).train
    assert base_of(read_all(part.sources), part.targets) == base


def test_wrong_answers_are_refused_with_their_place():
    questions = read_all(["1+1", "2+2", "3+3"])
    with pytest.raises(DataError, match=r"Example 1 is not right in any base.*2\+2 = '5'"):
        base_of(questions, ["2", "5", "6"])
    with pytest.raises(DataError, match=r"Example 1 is not a sum.*'two'"):
        read_all(["1+1", "two"])


@pytest.mark.parametrize(
    ("text", "base", "signs", "says"),
    [
        ("57+", 10, "+", "Cannot read '57\\+'"),
        ("abc", 10, "+-", "with \\+ or - between"),
        ("1f+2", 10, "+", "digits 0 to 9; received f"),
        ("12+1", 2, "+", "base 2, with the digits 0 to 1; received 2"),
        ("5-3", 10, "+", "was trained on \\+ alone"),
    ],
)
def test_questions_a_network_cannot_read_are_refused(text, base, signs, says):
    with pytest.raises(UsageError, match=says):
        read_question(text, base, signs)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"base": 16, "operation": "both"},
        {"digits": 2, "operation": "minus"},
        {"base": 2, "digits": 7, "draw": "values", "distinct": False},
        {"base": 16, "digits": 8, "longer": 7},
        {"digits": 1, "examples": 1000},
        {"base": 2, "digits": 1},
    ],
)
def test_splits_share_no_pair_and_no_mirrored_pair(settings):
    splits = sums(**settings)
    train, validation, test = (
        pairs(part) for part in (splits.train, splits.validation, splits.test)
    )
    assert not set(train) & {*validation, *test}
    assert not set(validation) & set(test)
    if settings.get("distinct", True):
        assert len(set(train)) == len(train)
    dataset = Sums(**{**FEW, **settings})
    for part in (splits.train, splits.validation, splits.test):
        for question, answer in zip(read_all(part.sources), part.targets, strict=True):
            assert question.answer(dataset.base) == answer
    assert max(question.digits for question in read_all(splits.train.sources)) <= dataset.digits
    longest = max(question.digits for question in read_all(splits.test.sources))
    assert longest == dataset.digits + dataset.longer


def test_all_sizes_are_as_asked_for():
    splits = sums()
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [200, 20, 50]
    assert not splits.notes
    assert len(sums(longer=0).test) == 30


def test_every_split_has_short_numbers():
    splits = Sums().load({})
    for part in (splits.train, splits.validation, splits.test):
        assert sum(len(source) == 3 for source in part.sources) >= 1


def test_few_numbers_make_few_sums_and_the_dataset_says_so():
    splits = sums(digits=1, examples=1000)
    assert len(splits.train) == 45
    assert "only 55 different pairs" in splits.notes[0]
    assert len(sums(digits=1, examples=1000, distinct=False).train) == 1000


def test_another_seed_draws_other_sums():
    assert sums().train.sources == sums().train.sources != sums(data_seed=1).train.sources


def test_the_dataset_keeps_its_promises():
    assert check_dataset(Sums(**FEW))


def questions(base, signs, digits):
    number = st.text(DIGITS[:base], min_size=1, max_size=digits)
    return st.lists(st.builds(Question, number, st.sampled_from(signs), number), min_size=1)


@given(st.data(), bases, st.sampled_from(["+", "-", "+-"]), st.integers(1, 6), st.booleans())
def test_encoded_answers_come_back(data, base, signs, digits, reverse):
    asked = data.draw(questions(base, signs, digits))
    answers = [question.answer(base) for question in asked]
    for encoding in (Characters(base, signs, digits, reverse), Columns(base, signs, digits)):
        tokens = encoding.answers(answers, digits)
        assert tokens.shape == (len(asked), digits + 1)
        assert encoding.texts(tokens) == answers


def test_characters_are_filled_up_and_reversed():
    asked = [Question("57", "+", "68"), Question("1", "+", "2")]
    alphabet = " +0123456789"
    plain, turned = (
        Characters(10, "+", 2, reverse).questions(asked, 2) for reverse in (False, True)
    )
    assert ["".join(alphabet[token] for token in row) for row in plain] == ["57+68", "1+2  "]
    assert ["".join(alphabet[token] for token in row) for row in turned] == ["86+75", "  2+1"]


def test_columns_put_the_last_digits_first():
    columns = Columns(10, "+-", 3).questions([Question("157", "-", "68")], 3)[0]
    alphabet = " +-0123456789"
    assert ["".join(alphabet[token] for token in columns[:, part]) for part in (0, 1)] == [
        "751 ",
        "86  ",
    ]
    assert columns[:, 2].tolist() == [1] * 4
    values = Columns(10, "+-", 3).digit_values(columns[:, :2])
    assert np.array_equal(values, [[7, 8], [5, 6], [1, 0], [0, 0]])
