"""Fingerprints: equal for equal data, however held; different for any difference."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from deepzoo import Kind, Splits
from deepzoo.data.fingerprint import fingerprint
from deepzoo.errors import DataError
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.kinds import Baskets, LabelledText, Text
from deepzoo.readers.on_disk import OnDiskText


def images(seed=0, count=6, **changes):
    generator = np.random.default_rng(seed)
    part = Images(
        generator.integers(0, 256, (count, 4, 4, 1), dtype=np.uint8),
        np.arange(count) % 2,
        ("cat", "dog"),
    )
    part = dataclasses.replace(part, **changes)
    return Splits(part, part.take([0]), part.take([1]))


def texts(*documents):
    return Splits(Text(list(documents)), Text([]), Text([]))


def test_the_same_data_have_the_same_fingerprint_on_every_machine():
    assert fingerprint(images()) == fingerprint(images())
    # Stored runs are compared with it: another value makes every old run look changed.
    pinned = "7d8d3937b6949a6749b714e5c6d8631dc9642c28d1b3ac772ac0bbe8c10e49c0"
    assert fingerprint(texts("one", "zwei é")) == pinned


@pytest.mark.parametrize(
    "other",
    [
        texts("one", "zwei"),
        texts("one", "zwei é", ""),
        texts("zwei é", "one"),
        texts("onezwei é"),
        texts("o", "nezwei é"),
        Splits(Text(["one"]), Text(["zwei é"]), Text([])),
    ],
)
def test_any_other_text_or_place_changes_it(other):
    assert fingerprint(other) != fingerprint(texts("one", "zwei é"))


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.zeros(6, np.int64)},
        {"labels": (np.arange(6) % 2).astype(np.int32)},
        {"classes": ("cat", "cow")},
        {"pixels": np.zeros((6, 4, 4, 1), np.uint8)},
        {"pixels": np.zeros((6, 16, 1, 1), np.uint8)},
    ],
)
def test_every_field_counts(changes):
    assert fingerprint(images(**changes)) != fingerprint(images())


def test_how_an_array_is_held_does_not_count(tmp_path):
    pixels = images().train.pixels
    mapped = np.memmap(tmp_path / "pixels", np.uint8, "w+", shape=pixels.shape)
    mapped[:] = pixels
    big_endian = images().train.labels.astype(">i8")
    for other in (
        {"pixels": mapped},
        {"pixels": np.asfortranarray(pixels)},
        {"labels": big_endian},
    ):
        assert fingerprint(images(**other)) == fingerprint(images())


def test_a_large_array_is_hashed_in_blocks_like_a_small_one():
    whole = np.arange(2**21, dtype=np.int64).reshape(-1, 2)
    part = Baskets(("a",), np.array([0]), whole)
    splits = Splits(part, part, part)
    assert fingerprint(splits) == fingerprint(splits.map(lambda one: one))
    changed = whole.copy()
    changed[-1, -1] += 1
    other = Baskets(("a",), np.array([0]), changed)
    assert fingerprint(Splits(other, other, other)) != fingerprint(splits)


def test_mapped_text_counts_as_its_characters(tmp_path):
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path, text in zip(paths, ("\ufeffé one\r\ntwo", "three"), strict=True):
        path.write_bytes(text.encode())
    mapped = Splits(Text(OnDiskText.open(paths)), Text([]), Text([]))
    assert fingerprint(mapped) == fingerprint(texts("é one\ntwo", "three"))


def test_a_kind_of_a_plugin_may_hold_any_plain_data():
    class Odd(Kind):
        name = "odd"
        values: object

    def odd(value):
        return fingerprint(Splits(Odd(value), Odd(None), Odd(0)))

    values = [{"a": 1}, {"a": 2}, [1, 2], [[1], 2], b"x", "x", 1, 1.0, True, None, "\ud800"]
    assert len({odd(value) for value in values}) == len(values)
    with pytest.raises(DataError, match="object"):
        odd(object())
    with pytest.raises(DataError, match="Python objects"):
        odd(np.array([object()]))


def test_labelled_text_counts_labels_and_texts():
    one = LabelledText(["a", "b"], np.array([0, 1]), ("x", "y"))
    other = LabelledText(["a", "b"], np.array([1, 0]), ("x", "y"))
    assert fingerprint(Splits(one, one, one)) != fingerprint(Splits(one, one, other))
