"""Kinds become dataclasses by themselves, and shared fields belong to the whole split."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from deepzoo import Kind, LabelledText, Splits, Text, shared
from deepzoo.errors import DataError


class Series(Kind):
    name = "series"
    values: np.ndarray
    names: list[str] | None = None
    unit: str = shared("hour")


def test_a_kind_is_a_frozen_dataclass():
    series = Series(np.arange(3.0), ["a", "b", "c"])
    assert len(series) == 3
    assert series.unit == "hour"
    assert series.example(1) == {"values": 1.0, "names": "b"}
    with pytest.raises(dataclasses.FrozenInstanceError):
        series.unit = "day"  # pyright: ignore[reportAttributeAccessIssue]


def test_examples_are_taken_and_shared_fields_are_kept():
    taken = Series(np.arange(4.0), unit="week").take([3, 0])
    assert taken.values.tolist() == [3, 0]
    assert taken.names is None
    assert taken.unit == "week"  # as long as the series


def test_a_kind_inherits_fields():
    class Forecasts(Series):
        horizon: int = shared(1)

    assert Forecasts.shared_fields == ("unit", "horizon")
    assert Kind.shared_fields == Text.shared_fields == ()
    assert Forecasts(np.arange(3.0), horizon=2).take([0]).horizon == 2


def labelled(labels):
    return LabelledText([f"text {n}" for n in range(len(labels))], np.array(labels), ("a", "b"))


def test_a_labelled_text_is_shown_with_the_name_of_its_class():
    assert labelled([1]).example(0) == {"text": "text 0", "label": "b"}


@pytest.mark.parametrize(
    ("train", "test", "says"),
    [
        ([1, 1], [1], "All 2 training texts have the class 'b'"),
        ([0, 0], [0, 1], "All 2 training texts have the class 'a'"),
    ],
)
def test_one_class_is_nothing_to_learn_unless_it_is_allowed(train, test, says):
    splits = Splits(labelled(train), labelled([]), labelled(test))
    with pytest.raises(DataError, match=says):
        LabelledText.options().apply(splits)
    alone = Splits(labelled(train), labelled([]), labelled(train))
    assert LabelledText.options(allow_single_class=True).apply(alone) == alone


def test_a_class_of_another_split_must_be_in_training():
    splits = Splits(labelled([0, 0]), labelled([]), labelled([0, 1, 1]))
    with pytest.raises(DataError, match="The test split has 2 texts of the class 'b'"):
        LabelledText.options(allow_single_class=True).apply(splits)


def test_long_texts_are_cut():
    splits = Splits(labelled([0, 1]), labelled([]), labelled([1]))
    cut = LabelledText.options(max_length=3).apply(splits)
    assert list(cut.train.texts) == ["tex", "tex"]
