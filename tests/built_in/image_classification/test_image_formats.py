"""The file formats of images: read exactly, and refused when damaged or hostile."""

from __future__ import annotations

import gzip
import pickle

import image_files as files
import numpy as np
import pytest
from deepzoo_image_classification.files.formats import (
    read_cifar_binary,
    read_cifar_pickle,
    read_idx,
    read_npz,
)

from deepzoo.errors import DataError, UnsafeFileError

IMAGES = files.pixels(3, 4, 5)
ROWS = files.pixels(2, 3072)


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["gzipped", "plain"])
def test_idx_images_and_labels_are_read(tmp_path, pack):
    (tmp_path / "images").write_bytes(pack(files.idx(IMAGES)))
    (tmp_path / "labels").write_bytes(pack(files.idx(files.labels(7))))
    assert (read_idx(tmp_path / "images", 3) == IMAGES).all()
    assert read_idx(tmp_path / "labels", 1).tolist() == [0, 1, 2, 3, 4, 5, 6]


DAMAGED = {
    "labels": (files.idx(files.labels(7)), "exchanged"),
    "empty": (b"", "empty file"),
    "cut": (files.idx(IMAGES)[:-1], "59"),
    "longer": (files.idx(IMAGES) + b"\0", "received more"),
    "header": (files.idx(IMAGES)[:9], "claims"),
    "bomb": (files.idx(IMAGES)[:4] + b"\xff" * 12, "claims"),
    "gzip cut": (gzip.compress(files.idx(files.pixels(9, 28, 28)))[:-40], "damaged or cut"),
    "gzip broken": (gzip.compress(files.idx(IMAGES))[:10] + b"\xff" * 30, "damaged or cut"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_idx_file_is_refused_with_its_path(tmp_path, case):
    data, reason = DAMAGED[case]
    path = tmp_path / "train-images"
    path.write_bytes(data)
    with pytest.raises(DataError, match="train-images") as caught:
        read_idx(path, 3)
    assert reason in str(caught.value)


def test_npz_arrays_are_read_by_name(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez_compressed(path, x_train=IMAGES, y_train=np.asfortranarray(files.pixels(3, 2)))
    assert (read_npz(path, "x_train") == IMAGES).all()
    assert (read_npz(path, "y_train") == files.pixels(3, 2)).all()
    with pytest.raises(DataError, match=r"no member 'x_test\.npy'"):
        read_npz(path, "x_test")


def test_an_npz_file_with_objects_or_fractions_is_refused(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=np.array([{"a": 1}], dtype=object), y_train=np.ones(3))
    with pytest.raises(UnsafeFileError, match="contains Python objects"):
        read_npz(path, "x_train")
    with pytest.raises(DataError, match="whole numbers"):
        read_npz(path, "y_train")


def expected_pixels() -> np.ndarray:
    return np.stack([ROWS[:, :1024], ROWS[:, 1024:2048], ROWS[:, 2048:]], axis=-1).reshape(
        2, 32, 32, 3
    )


def test_the_binary_and_the_python_batches_give_the_same():
    for read, data in (
        (read_cifar_binary, files.binary_batch(ROWS, [6, 9])),
        (read_cifar_pickle, files.python_batch(ROWS, [6, 9])),
    ):
        pixels, labels = read(data, "batch")
        assert (pixels == expected_pixels()).all()
        assert labels.tolist() == [6, 9]


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_batches_that_python_3_pickled_again_are_read(protocol):
    data = pickle.dumps({"data": ROWS, "labels": [6, 9], b"batch_label": b"x"}, protocol=protocol)
    pixels, labels = read_cifar_pickle(data, "batch")
    assert (pixels == expected_pixels()).all()
    assert labels.tolist() == [6, 9]


def test_a_record_that_is_cut_is_refused():
    with pytest.raises(DataError, match=r"batch has 6,145 bytes.*multiple of 3,073"):
        read_cifar_binary(files.binary_batch(ROWS, [6, 9])[:-1], "batch")


class Hostile:
    """Makes a file when it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return open, (str(self.marker), "w")


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_hostile_batch_is_refused_and_runs_nothing(tmp_path, protocol):
    marker = tmp_path / "marker"
    content = {"data": Hostile(marker), "labels": [1]}
    data = pickle.dumps(content, protocol=protocol)
    with pytest.raises(
        UnsafeFileError, match=r"data_batch_1 contains Python objects \(\w*io\.open"
    ):
        read_cifar_pickle(data, "data_batch_1")
    assert not marker.exists()


@pytest.mark.parametrize("data", [b"(iio\nopen\n.", b"(cio\nopen\no.", b"cio\nopen\n)\x81."])
def test_no_instruction_gets_around_the_list_of_names(data):
    with pytest.raises(UnsafeFileError, match=r"\(io\.open\)"):
        read_cifar_pickle(data, "batch")


GOOD = files.python_batch(ROWS, [6, 9])
BROKEN = {
    "cut": GOOD[:-5000],
    "empty": b"",
    "no pickle": b"\xff" * 20,
    "no array": pickle.dumps({"data": [1, 2], "labels": [1]}, protocol=2),
    "a list": pickle.dumps([1, 2], protocol=2),
    "no labels": pickle.dumps({"data": ROWS}, protocol=2),
    "labels of 99": files.python_batch(ROWS, [6, 99]),
    "more labels": files.python_batch(ROWS, [6, 9, 9]),
    "fractions": pickle.dumps({"data": ROWS / 255, "labels": [1, 2]}, protocol=2),
    "other width": pickle.dumps({"data": ROWS[:, :3000], "labels": [1, 2]}, protocol=2),
    "stack is empty": b"\x80\x02R.",
    "state for a list": b"\x80\x02]}b.",
    "state for a name": b"\x80\x02cnumpy\nndarray\n}b.",
    "needs 32 GB": b"\x80\x02]r\xff\xff\xff\x7f.",
    "a foreign object": b"\x80\x02U\x01aQ.",
    "an extension": b"\x80\x02\x82\x01.",
    "an object": b"\x80\x02cnumpy\nndarray\n)\x81.",
    "calls a word": b"\x80\x02U\x01a)R.",
    "false length": GOOD.replace(b"M\x00\x0c\x86", b"M\x00\x0d\x86"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_damaged_batch_is_refused_with_its_path(case):
    with pytest.raises(DataError, match="data_batch_1 is damaged or not a batch"):
        read_cifar_pickle(BROKEN[case], "data_batch_1")
