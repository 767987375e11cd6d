"""Scores with intervals: against closed forms, and against simulation."""

from __future__ import annotations

import math
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.errors import CheckpointError, DataError
from deepzoo.evaluation.intervals import compare, summarise
from deepzoo.interfaces.scores import Scores
from deepzoo.runs.formats import load_scores, save_scores

NUMBERS = st.floats(-100, 100)


def test_without_weights_it_is_the_textbook_interval():
    values = np.array([1.0, 2.0, 4.0, 9.0])
    value, low, high, count = summarise(Scores(values))
    half = 1.959963984540054 * values.std(ddof=1) / math.sqrt(4)
    assert (value, count) == (4.0, 4)
    assert (low, high) == pytest.approx((4 - half, 4 + half))


def test_bits_over_characters_are_total_bits_over_total_characters():
    bits, characters = np.array([10.0, 300.0, 42.0]), np.array([5.0, 140.0, 20.0])
    value = summarise(Scores(bits / characters, characters))[0]
    assert value == pytest.approx(bits.sum() / characters.sum())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.integers(1, 9)), min_size=2, max_size=30), NUMBERS)
def test_weights_scale_and_values_shift(pairs, shift):
    values, weights = (np.array(column, float) for column in zip(*pairs, strict=True))
    values -= 1000  # both below 0: what is never negative has an interval that is not, either
    value, low, high, _ = summarise(Scores(values, weights))
    scaled = summarise(Scores(values + shift, weights * 7))[:3]
    assert scaled == pytest.approx((value + shift, low + shift, high + shift), abs=1e-6)
    assert low <= value <= high


def test_the_interval_of_a_ratio_covers_the_truth_in_95_of_100_samples():
    generator = np.random.default_rng(5)
    covered, rounds = 0, 2000
    for _ in range(rounds):
        weights = generator.integers(1, 200, 150).astype(float)
        # Long documents are easier: value and weight depend on each other.
        values = 3 - weights / 200 + generator.normal(0, 0.5, 150)
        _, low, high, _ = summarise(Scores(values, weights))
        covered += low <= 3 - (np.arange(1, 200) ** 2).sum() / 200 / np.arange(1, 200).sum() <= high
    assert 0.93 < covered / rounds < 0.97


def test_a_paired_difference_is_narrower_than_two_intervals():
    generator = np.random.default_rng(1)
    hard = generator.normal(2, 1, 200)
    first, second = Scores(hard), Scores(hard - 0.1 + generator.normal(0, 0.05, 200))
    difference, low, high = compare(first, second)
    assert difference == pytest.approx(0.1, abs=0.02)
    assert 0 < low < high
    assert high - low < 0.2 * (summarise(first)[2] - summarise(first)[1])


def test_nothing_differs_from_itself():
    scores = Scores(np.array([1.0, 2.0, 5.0]), np.array([1.0, 4.0, 2.0]))
    assert compare(scores, scores) == (0, 0, 0)


def test_one_example_has_no_interval():
    value, low, high, count = summarise(Scores(np.array([2.0])))
    assert (value, count) == (2.0, 1)
    assert math.isnan(low)
    assert math.isnan(high)


@pytest.mark.parametrize(
    ("values", "weights", "groups"),
    [([[1.0]], None, None), ([1.0, 2.0], [1.0], None), ([1.0, 2.0], None, [1])],
)
def test_what_is_not_one_number_per_example_is_refused(values, weights, groups):
    with pytest.raises(DataError, match="one value, one weight and one group per example"):
        summarise(Scores(np.array(values), weights, groups))


@pytest.mark.parametrize(
    ("values", "weights"),
    [([], None), ([1.0], [0.0]), ([1.0, math.nan], None), ([1.0, math.inf], None)],
)
def test_what_has_no_mean_is_undefined(values, weights):
    value, low, high, count = summarise(Scores(np.array(values), weights))
    assert np.isnan([value, low, high]).all()
    assert count == len(values)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(2, 6), st.integers(0, 99))
def test_equal_groups_count_as_their_means(groups, size, seed):
    values = np.random.default_rng(seed).normal(-9, 1, (groups, size))
    names = np.repeat([f"day {day}" for day in range(groups)], size)
    grouped = summarise(Scores(values.reshape(-1), groups=names))
    assert grouped[:3] == pytest.approx(summarise(Scores(values.mean(axis=1)))[:3])
    assert grouped[3] == groups * size
    order = np.random.default_rng(seed).permutation(groups * size)
    moved = Scores(values.reshape(-1)[order], groups=names[order])
    assert summarise(moved)[:3] == pytest.approx(grouped[:3])


def test_copies_of_an_example_in_its_group_do_not_narrow_the_interval():
    values, groups = np.array([0.0, 1.0, 1.0, 0.0, 1.0]), np.arange(5)
    once = summarise(Scores(values, groups=groups))
    again = summarise(Scores(np.repeat(values, 9), groups=np.repeat(groups, 9)))
    assert again[:3] == pytest.approx(once[:3])
    alone = summarise(Scores(np.repeat(values, 9)))
    assert alone[2] - alone[1] < 0.5 * (again[2] - again[1])
    first, second = (
        Scores(np.repeat(v, 9), groups=np.repeat(groups, 9)) for v in (values, 1 - values)
    )
    assert compare(first, second) == pytest.approx(compare(Scores(values), Scores(1 - values)))


def test_a_single_group_has_no_interval():
    value, low, high, _ = summarise(Scores(np.array([0.0, 1.0]), groups=np.zeros(2)))
    assert value == 0.5
    assert np.isnan([low, high]).all()


def test_other_examples_cannot_be_compared():
    with pytest.raises(DataError, match="expected 2, received 3"):
        compare(Scores(np.ones(2)), Scores(np.ones(3)))


def test_scores_come_back_from_their_file(tmp_path):
    stored = {
        "bits": Scores(np.array([1.5, 2.5]), np.array([3, 4])),
        "accuracy": Scores(np.array([True, False])),
        "error": Scores(np.array([0.5, 1.0, 2.0]), groups=np.array(["b", "a", "b"])),
    }
    save_scores(tmp_path / "scores.npz", stored)
    loaded = load_scores(tmp_path / "scores.npz")
    assert set(loaded) == {"bits", "accuracy", "error"}
    assert loaded["error"].groups.tolist() == [1, 0, 1]
    assert summarise(loaded["error"]) == summarise(stored["error"])
    np.testing.assert_array_equal(loaded["bits"].values, [1.5, 2.5])
    np.testing.assert_array_equal(loaded["bits"].weights, [3, 4])
    np.testing.assert_array_equal(loaded["accuracy"].values, [True, False])
    assert loaded["accuracy"].weights is loaded["accuracy"].groups is None


class Payload:
    def __reduce__(self):
        return open, ("payload-was-run", "w")


@pytest.mark.parametrize(
    "offence",
    [
        "objects",
        "words",
        "table",
        "compressed",
        "bomb",
        "array",
        "bytes",
        "truncated",
        "empty",
        "text",
    ],
)
def test_a_foreign_scores_file_is_refused(tmp_path, monkeypatch, offence):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "scores.npz"
    if offence == "objects":
        np.savez(path, bits=np.array([Payload()], dtype=object))
    elif offence in ("words", "table"):
        np.savez(path, bits=np.array(["a"]) if offence == "words" else np.zeros((2, 2)))
    elif offence == "array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif offence == "bytes":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("bits", b"no array")
    elif offence == "compressed":
        np.savez_compressed(path, bits=np.zeros(10))
    elif offence == "bomb":
        np.save(tmp_path / "bits.npy", np.zeros(3))
        data = (tmp_path / "bits.npy").read_bytes().replace(b"(3,), }      ", b"(3000000,), }")
        assert b"3000000" in data
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("bits.npy", data)
    elif offence == "truncated":
        np.savez(path, bits=np.zeros(10))
        path.write_bytes(path.read_bytes()[:-40])
    else:
        path.write_bytes(b"" if offence == "empty" else b"bits = 3")
    with pytest.raises(CheckpointError) as caught:
        load_scores(path)
    assert str(path) in str(caught.value)
    assert not (tmp_path / "payload-was-run").exists()


def test_shares_of_yes_or_no_get_wilsons_interval():
    value, low, high, _ = summarise(Scores(np.array([1.0] * 9 + [0.0])))
    assert (value, low, high) == pytest.approx((0.9, 0.59585, 0.98212), abs=1e-5)


def test_the_interval_of_what_is_never_negative_is_not_either():
    _, low, high, _ = summarise(Scores(np.array([0.0, 0.0, 0.0, 0.3])))
    assert low == 0 < high
    assert summarise(Scores(np.array([0.0, -0.1, 0.0, 0.3])))[1] < 0


def test_full_marks_do_not_claim_certainty():
    value, low, high, _ = summarise(Scores(np.ones(20)))
    assert value == high == 1
    assert low == pytest.approx(0.83887, abs=1e-5)


def test_no_hit_on_a_long_scale_is_no_share():
    nothing = Scores(np.zeros(6))
    assert summarise(nothing, 100)[:3] == (0, 0, 0)
    assert summarise(nothing, 1)[2] == summarise(nothing)[2] > 0.3
