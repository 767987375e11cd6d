"""Kinds become dataclasses by themselves, and shared fields belong to the whole split."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from deepzoo import Kind, Text, shared


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
