"""Classes of other data, matched by name to those of a run."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo import Images, Splits
from deepzoo.errors import DataError
from deepzoo.readers import match_classes


def images(*labels: int) -> Images:
    """Makes images whose only pixel is their label."""
    return Images(
        np.array(labels, np.uint8).reshape(-1, 1, 1, 1), np.array(labels, np.int64), ("a", "b")
    )


def test_labels_are_numbered_as_in_the_run_and_unknown_ones_left_out(caplog):
    splits = Splits(images(0, 1, 1), images(), images(1, 0))
    matched = match_classes(splits, ["c", "b"])
    assert matched.train.labels.tolist() == matched.train.pixels.ravel().tolist() == [1, 1]
    assert matched.test.classes == ["c", "b"]
    assert "'a' (1); their examples are left out" in caplog.text
    assert match_classes(splits, ["a", "b"]).train is splits.train
    with pytest.raises(DataError, match=r"'a' .1.*'b' .1.*nothing to score"):
        match_classes(splits, ["c", "d"])
