"""Splits by content: what is equal, and that an example moves no other."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.interfaces.content_splits import identity_of, normalise, split_by_content
from deepzoo.interfaces.kinds import Baskets, Text, TextPairs
from deepzoo.plugins.registration import KINDS

TEXTS = st.lists(st.text(max_size=6), max_size=40)


def parts_of(identities, labels=None, seed=0):
    parts = split_by_content(identities, seed, labels)
    return [[identities[index] for index in part] for part in parts]


def test_about_eight_tenths_are_for_training_and_the_seed_draws_others():
    identities = [f"text {number}" for number in range(10_000)]
    sizes = [len(part) for part in split_by_content(identities)]
    assert sum(sizes) == 10_000
    assert np.abs(np.array(sizes) - [8000, 1000, 1000]).max() < 150
    assert set(parts_of(identities, seed=1)[2]) != set(parts_of(identities)[2])


@settings(deadline=None)
@given(identities=TEXTS, data=st.data())
def test_any_examples_are_split_without_loss_whatever_their_order(identities, data):
    parts = parts_of(identities)
    assert sorted(itertools.chain(*parts)) == sorted(identities)
    assert all(parts) == (len(set(identities)) >= 3)
    assert len(set(identities)) == sum(len(set(part)) for part in parts)
    if len(set(identities)) < 3:
        assert len(parts[0]) == len(identities)
    assert parts_of(data.draw(st.permutations(identities))) == parts


@settings(deadline=None)
@given(identities=TEXTS, data=st.data())
def test_training_has_every_class(identities, data):
    labels = [data.draw(st.integers(0, 5)) for _ in identities]
    train = split_by_content(identities, 0, labels)[0]
    assert {labels[index] for index in train} == set(labels)


@settings(deadline=None)
@given(identities=TEXTS, added=TEXTS, seed=st.integers(0, 3))
def test_more_examples_move_no_others(identities, added, seed):
    # One example of each split, so that none takes from another.
    anchors = [part[0] for part in parts_of([f"text {number}" for number in range(100)], seed=seed)]
    before = parts_of([*identities, *anchors], seed=seed)
    after = parts_of([*added, *anchors, *identities], seed=seed)
    assert all(set(old) <= set(new) for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize(
    "copy",
    [
        "It's a day!",
        "IT’S  a day !",
        " “It's a\u00a0day!” ",
        "it\u2018s a day!",
        "RT @me: It's a day!",
    ],
)
def test_copies_have_one_identity(copy):
    assert identity_of(copy) == identity_of("It's a day!") != identity_of("It's a way!")
    assert normalise("e\u0301") == normalise("É")


def test_kinds_say_what_identifies_an_example():
    assert Text(["A  b"]).identity(0) == "a b"
    assert TextPairs(["Oui !"], ["Yes"]).identity(0) == "oui!"
    assert identity_of(np.arange(4)) == identity_of(np.arange(8)[:4]) != identity_of(np.arange(5))
    baskets = Baskets(["tea", "jam"], np.array([0, 2, 4]), np.array([0, 1, 1, 0]))
    assert baskets.identity(0) == baskets.identity(1) == "jam\ntea"
    assert len(set(baskets.identities())) == 2
    assert [kind.name for kind in KINDS if kind.repeats] == ["baskets"]
