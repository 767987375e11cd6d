"""The settings of the kind `images`: subsets, permuted pixels, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import deepzoo
from deepzoo.errors import DataError
from deepzoo.interfaces.image_kinds import Images, ImageSettings


def sizes(splits) -> list[int]:
    return [len(part) for part in (splits.train, splits.validation, splits.test)]


def some_pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (100, 4, 4, 1), np.uint8)


def data(**settings) -> Images:
    images, labels = some_pixels(), np.arange(100) % 10
    part = Images(images, labels, tuple("abcdefghij"))
    return ImageSettings(**settings).apply(deepzoo.Splits(part, part.take([]), part))


def test_subsets_are_drawn_by_class_and_by_seed():
    splits = data(subset=25, test_subset=10)
    assert sizes(splits) == [25, 0, 10]
    assert np.bincount(splits.test.labels).tolist() == [1] * 10
    assert sorted(np.bincount(splits.train.labels).tolist()) == [2] * 5 + [3] * 5
    other = data(subset=25, subset_seed=1)
    assert (splits.train.pixels != other.train.pixels).any()
    assert any(note.startswith("25 of 100 train images") for note in splits.notes)
    assert sizes(data(subset=1000)) == [100, 0, 100]


def test_some_classes_are_kept_in_the_order_in_which_they_are_named():
    whole, splits = data(), data(keep_classes=("j", "b"))
    assert list(splits.train.classes) == ["j", "b"]
    assert sizes(splits) == [20, 0, 20]
    nines = whole.test.pixels[whole.test.labels == 9]
    assert (splits.test.pixels[splits.test.labels == 0] == nines).all()
    with pytest.raises(DataError, match=r"no class 'k'.*are: a, b"):
        data(keep_classes=("a", "k"))
    with pytest.raises(DataError, match="nothing can be learned"):
        data(keep_classes=("a",))


def test_one_permutation_moves_the_pixels_of_all_images():
    plain, moved = data(), data(permute_pixels=True)
    assert (plain.train.pixels != moved.train.pixels).any()
    order = np.random.default_rng(0).permutation(16)
    assert (
        moved.test.pixels.reshape(100, 16) == plain.test.pixels.reshape(100, 16)[:, order]
    ).all()
    assert (
        ImageSettings(permute_pixels=True).arrange(plain.test.pixels) == moved.test.pixels
    ).all()
    assert ImageSettings().arrange(plain.test.pixels) is plain.test.pixels
    other = data(permute_pixels=True, permutation_seed=1)
    assert (other.train.pixels != moved.train.pixels).any()


def given(images, labels, **settings) -> Images:
    part = Images(images, labels, ("a", "b"))
    return ImageSettings(**settings).apply(deepzoo.Splits(part, part.take([]), part)).train


def test_arrays_given_in_python_become_bytes_with_a_channel():
    labels = np.arange(6, dtype=np.int32) % 2
    fractions = np.linspace(0, 1, 96).reshape(6, 4, 4)
    made = given(fractions, labels)
    assert (made.pixels.dtype, made.pixels.shape) == (np.uint8, (6, 4, 4, 1))
    assert made.pixels.max() == 255
    assert made.labels.dtype == np.int64
    assert (given((fractions * 255).round(), labels).pixels == made.pixels).all()


WRONG = {
    "shape": (np.zeros((6, 16)), np.arange(6) % 2, "shape (6, 16)"),
    "channels": (np.zeros((6, 4, 4, 2)), np.arange(6) % 2, "shape (6, 4, 4, 2)"),
    "range": (np.full((6, 4, 4), -1), np.arange(6) % 2, "from -1 to -1"),
    "not finite": (np.full((6, 4, 4), np.nan), np.arange(6) % 2, "finite"),
    "label 99": (np.zeros((6, 4, 4)), np.array([0, 1, 99, 0, 1, -1]), "Image 2 of train has"),
    "label -1": (np.zeros((6, 4, 4)), np.array([0, 1, 0, 0, 1, -1]), "label -1, expected 0 to 1"),
    "fractions": (np.zeros((6, 4, 4)), np.ones(6) / 2, "whole numbers"),
    "fewer labels": (np.zeros((6, 4, 4)), np.arange(5) % 2, "each of the 6 images"),
    "one class": (np.zeros((6, 4, 4)), np.ones(6, int), "All 6 training images have the class 'b'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_pixels_and_labels_are_refused_before_training(case):
    images, labels, reason = WRONG[case]
    with pytest.raises(DataError) as caught:
        given(images, labels)
    assert reason in str(caught.value)


def test_one_class_can_be_allowed():
    assert len(given(np.zeros((6, 4, 4), np.uint8), np.ones(6, int), allow_single_class=True)) == 6
