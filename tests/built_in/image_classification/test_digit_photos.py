"""The drawn photos of digits: seeded, ten kinds of ten, and named rightly by the shipped run."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from deepzoo_image_classification.files.photos import read_photos
from deepzoo_image_classification.scoring import of_bytes
from digit_photos import KINDS, REPORTED, SHAPES, TUNED_ON, photos

import deepzoo


@pytest.fixture(scope="module")
def drawn():
    return list(photos())


def test_there_are_ten_kinds_of_photos_of_ten_digits(drawn):
    assert Counter(photo.kind for photo in drawn) == dict.fromkeys(KINDS, 10)
    assert Counter(photo.digit for photo in drawn) == dict.fromkeys(range(10), 10)
    assert all(photo.image.format == "JPEG" for photo in drawn)
    assert all(480 <= min(photo.image.size) <= max(photo.image.size) <= 800 for photo in drawn)
    assert min(len(shapes) for shapes in SHAPES.values()) >= 2, "each digit in several shapes"


def test_a_seed_draws_the_same_photos_and_another_seed_others(drawn):
    def first(seed):
        return np.asarray(next(photos(seed)).image)

    assert np.array_equal(first(REPORTED), np.asarray(drawn[0].image))
    others = [first(seed) for seed in TUNED_ON]
    assert REPORTED not in TUNED_ON
    assert not any(np.array_equal(other, drawn[0].image) for other in others)


def test_the_shipped_run_names_95_of_100_and_8_of_each_kind(drawn):
    run = deepzoo.load("mnist@shipped")
    read = read_photos([photo.image for photo in drawn], run.preprocessor)
    named = of_bytes(run.network_for(len(read)), read).argmax(axis=1)
    right = Counter(
        photo.kind for photo, label in zip(drawn, named, strict=True) if label == photo.digit
    )
    assert right.total() >= 95
    assert min(right[kind] for kind in KINDS) >= 8
