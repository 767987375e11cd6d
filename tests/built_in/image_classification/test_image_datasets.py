"""The published sets of images: what is read and what is held out."""

from __future__ import annotations

import shutil

import image_files as files
import numpy as np
import pytest
from deepzoo_image_classification.datasets.cifar import Cifar10
from deepzoo_image_classification.datasets.digits import FashionMnist, Mnist
from deepzoo_image_classification.datasets.letters import EmnistLetters, NotMnistLetters

from deepzoo.data.load import load_data
from deepzoo.errors import DataError


def sizes(splits) -> list[int]:
    return [len(part) for part in (splits.train, splits.validation, splits.test)]


@pytest.fixture
def digits(tmp_path):
    return files.write_digits(tmp_path)


def test_mnist_holds_out_by_class_and_by_seed(digits):
    splits = load_data(Mnist(validation=20), path=digits).splits
    assert sizes(splits) == [40, 20, 20]
    assert np.bincount(splits.validation.labels).tolist() == [2] * 10
    assert splits.train.pixels.shape == (40, 28, 28, 1)
    again = load_data(Mnist(validation=20), path=digits).splits
    other = load_data(Mnist(validation=20, split_seed=1), path=digits).splits
    assert (splits.validation.pixels == again.validation.pixels).all()
    assert (splits.validation.pixels != other.validation.pixels).any()
    whole = np.concatenate([splits.train.pixels, splits.validation.pixels])
    expected = files.pixels(60, 28, 28, seed=60)[..., None]
    assert sorted(map(bytes, whole)) == sorted(map(bytes, expected))


def test_the_report_trains_on_everything_and_keeps_the_order(digits):
    splits = load_data(Mnist(splits="report"), path=digits).splits
    assert sizes(splits) == [60, 0, 20]
    assert (splits.train.pixels[..., 0] == files.pixels(60, 28, 28, seed=60)).all()
    assert splits.validation.pixels.shape == (0, 28, 28, 1)
    assert any("no validation split" in note for note in splits.notes)


def test_one_npz_file_stands_for_the_four(tmp_path, digits):
    train, test = (
        (files.pixels(count, 28, 28, seed=count), files.labels(count)) for count in (60, 20)
    )
    npz = tmp_path / "mnist.npz"
    arrays = zip(("x_train", "y_train", "x_test", "y_test"), (*train, *test), strict=True)
    np.savez(npz, **dict(arrays))
    same = load_data(Mnist(), path=digits).fingerprint
    assert load_data(Mnist(), path=npz).fingerprint == same


def test_a_stand_in_or_a_part_holds_out_a_sixth_and_too_much_is_refused(digits):
    assert sizes(load_data(Mnist(), path=digits).splits) == [50, 10, 20]
    with pytest.raises(DataError, match="validation is 60, but mnist has 60"):
        load_data(Mnist(validation=60), path=digits)


def test_files_that_do_not_belong_together_are_refused(digits):
    labels = digits / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(files.idx(files.labels(59)))
    with pytest.raises(DataError, match="60 images and 59 labels"):
        load_data(Mnist(), path=digits)
    labels.write_bytes(files.idx(files.labels(60, 11)))
    with pytest.raises(DataError, match="have 10 at row 10, expected 0 to 9"):
        load_data(Mnist(), path=digits)
    shutil.copy(labels, digits / "train-images-idx3-ubyte.gz")
    with pytest.raises(DataError, match="train-images"):
        load_data(Mnist(), path=digits)


def test_emnist_letters_are_turned_upright_and_counted_from_0(tmp_path):
    path = files.write_emnist(tmp_path / "gzip.zip")
    loaded = load_data(EmnistLetters(splits="report"), path=path)
    splits = loaded.splits
    assert sizes(splits) == [78, 0, 26]
    assert splits.train.labels.tolist() == [*range(26)] * 3
    assert splits.train.classes[25] == "Z"
    assert (splits.train.pixels[5, :, :, 0] == files.pixels(78, 28, 28)[5].T).all()
    assert loaded.source == "local"
    assert any("not those of the official archive" in note for note in loaded.notes)


def test_an_emnist_archive_with_other_labels_or_members_is_refused(tmp_path):
    path = files.write_emnist(tmp_path / "gzip.zip", first=0)
    with pytest.raises(DataError, match="have 0 at row 0, expected 1 to 26"):
        load_data(EmnistLetters(), path=path)
    path = files.write_tar(tmp_path / "other.tar.gz", {"gzip/a": b""})
    with pytest.raises(DataError, match="no member emnist-letters-train-images"):
        load_data(EmnistLetters(), path=path)


def test_notmnist_drops_copies_before_a_tenth_is_held_out(tmp_path):
    images, labels = files.pixels(200, 28, 28), files.labels(200)
    images[20:40] = images[:20]
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(files.idx(images))
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(files.idx(labels))
    loaded = load_data(NotMnistLetters(validation=30), path=tmp_path)
    assert sizes(loaded.splits) == [132, 30, 18]
    assert loaded.splits.test.classes == tuple("ABCDEFGHIJ")
    assert any("20 of 200 glyphs were dropped" in note for note in loaded.notes)


ROWS = files.pixels(20, 3072)
NUMBERS = [index % 10 for index in range(20)]
BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


def write_cifar(tmp_path, form: str):
    if form == "python":
        batch, folder, end = files.python_batch, "cifar-10-batches-py", ""
    else:
        batch, folder, end = files.binary_batch, "cifar-10-batches-bin", ".bin"
    members = {f"{folder}/{name}{end}": batch(ROWS, NUMBERS) for name in BATCHES}
    return files.write_tar(
        tmp_path / f"cifar-10-{form}.tar.gz", {f"{folder}/batches.meta": b"x", **members}
    )


@pytest.mark.parametrize("form", ["python", "binary"])
def test_cifar_archives_are_read(tmp_path, form):
    loaded = load_data(Cifar10(splits="report"), path=write_cifar(tmp_path, form))
    assert sizes(loaded.splits) == [100, 0, 20]
    image = loaded.splits.train.pixels[23]
    assert image.shape == (32, 32, 3)
    assert image[0, 1].tolist() == ROWS[3, [1, 1025, 2049]].tolist()
    assert loaded.splits.train.labels.tolist() == NUMBERS * 5


def test_one_batch_of_cifar_is_read_alone_or_from_the_archive(tmp_path):
    archive = write_cifar(tmp_path, "python")
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("data_batch_1", "test_batch_trim"):
        (alone / name).write_bytes(files.python_batch(ROWS, NUMBERS))
    first, second = (
        load_data(Cifar10(training="batch-1", validation=10), path=path)
        for path in (alone, archive)
    )
    assert sizes(first.splits) == [10, 10, 20]
    assert first.fingerprint == second.fingerprint
    assert [item["path"] for item in first.files] == ["data_batch_1", "test_batch_trim"]


def test_the_test_batch_is_trimmed_to_2000(tmp_path):
    rows = np.zeros((2010, 3072), np.uint8)
    (tmp_path / "data_batch_1").write_bytes(files.python_batch(ROWS, NUMBERS))
    batch = files.python_batch(rows, [index % 10 for index in range(2010)])
    (tmp_path / "test_batch_trim").write_bytes(batch)
    loaded = load_data(Cifar10(training="batch-1"), path=tmp_path)
    assert len(loaded.splits.test) == 2000
    assert any("first 2,000 images" in note for note in loaded.notes)


def test_the_jpeg_archive_of_cifar_is_read_mixed_and_named(tmp_path):
    members = {
        f"cifar10_jpg/{part}/{name}/{number:04}.jpg": files.jpeg(10 * number)
        for part, count in (("train", 8), ("test", 2))
        for name in ("airplane", "truck")
        for number in range(count)
    }
    path = files.write_tar(tmp_path / "cifar10_jpg.tar.gz", members)
    loaded = load_data(Cifar10(splits="report"), path=path)
    assert sizes(loaded.splits) == [16, 0, 4]
    assert sorted(loaded.splits.train.labels.tolist()) == [0] * 8 + [9] * 8
    assert loaded.splits.train.labels[:8].min() < loaded.splits.train.labels[:8].max()
    assert loaded.source == "local"
    assert any("went through JPEG" in note for note in loaded.notes)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"a/train/owl/1.jpg": b""}, "not in train/CLASS"),
        ({"a/train/cat/1.jpg": b"GIF89a", "a/test/cat/1.jpg": b"GIF89a"}, r"1\.jpg is damaged"),
        ({"a/train/cat/1.jpg": files.jpeg(3, 20), "a/test/cat/1.jpg": b""}, "expected"),
        ({"readme": b""}, "neither batches nor folders"),
        ({"data_batch_1": files.python_batch(ROWS, NUMBERS)}, "no data_batch_2"),
    ],
)
def test_another_archive_is_refused(tmp_path, members, reason):
    path = files.write_tar(tmp_path / "cifar.tar.gz", members)
    with pytest.raises(DataError, match=reason):
        load_data(Cifar10(), path=path)


def test_of_the_real_files_all_are_read(real_data):
    mnist = load_data(Mnist(), sample=False)
    assert mnist.source == "full"
    assert sizes(mnist.splits) == [50_000, 10_000, 10_000]
    assert round(float(mnist.splits.train.pixels.mean() / 255), 3) == 0.131
    test = mnist.splits.test.labels
    assert np.bincount(test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    fashion = load_data(FashionMnist(splits="report"), sample=False)
    assert fashion.source == "full"
    assert np.bincount(fashion.splits.train.labels).tolist() == [6000] * 10
    cifar = load_data(Cifar10(training="batch-1"), sample=False)
    assert (cifar.source, sizes(cifar.splits)) == ("local", [9000, 1000, 2000])
    assert load_data(NotMnistLetters(), sample=False).source == "local"


@pytest.mark.slow
def test_of_the_real_jpeg_archive_all_photos_are_read(real_data):
    cifar = load_data(Cifar10(), sample=False)
    assert (cifar.source, sizes(cifar.splits)) == ("local", [45_000, 5_000, 10_000])
    assert np.bincount(cifar.splits.test.labels).tolist() == [1000] * 10
    mean = cifar.splits.train.pixels.mean(axis=(0, 1, 2)) / 255
    assert abs(mean - [0.4914, 0.4822, 0.4465]).max() < 0.005
