"""A user's folder of images: splits, sizes and modes by the stated rules, and bad files."""

from __future__ import annotations

import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from deepzoo_image_classification.datasets.own_images import UserImages
from PIL import Image

from deepzoo.data.load import load_data
from deepzoo.errors import DataError, ResourceError
from deepzoo.interfaces.image_kinds import ImageSettings
from deepzoo.readers import image_endings


def save(path: Path, mode="L", size=(6, 6), *, seed=0, **options) -> Path:
    """Saves a picture of noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    channels = len(Image.new(mode, (1, 1)).getbands())
    generator = np.random.default_rng(seed)
    shape = (size[1], size[0], channels) if channels > 1 else (size[1], size[0])
    values = generator.integers(0, 256, shape, np.uint8)
    image = (
        Image.frombytes(mode, size, values.tobytes()) if mode != "I;16" else options.pop("image")
    )
    image.save(path, **options)
    return path


def fill(root: Path, classes=("cat", "owl"), each=10, start=0, **options) -> Path:
    for label, name in enumerate(classes):
        for number in range(each):
            seed = start + 1000 * label + number
            save(root / name / f"{number:02}.png", seed=seed, **options)
    return root


def load(root: Path, **settings):
    kind = {key: settings.pop(key) for key in ("skip_bad",) if key in settings}
    return load_data(UserImages(**settings), ImageSettings(**kind), path=root)


def sizes(splits) -> list[int]:
    return [len(part) for part in (splits.train, splits.validation, splits.test)]


def test_a_folder_per_class_is_split_by_content(tmp_path):
    loaded = load(fill(tmp_path / "birds", each=20))
    splits = loaded.splits
    assert sum(sizes(splits)) == 40
    assert min(sizes(splits)) > 0
    assert splits.train.classes == ("cat", "owl")
    assert splits.train.pixels.shape[1:] == (6, 6, 1)
    # What --limit keeps, the first images, must be of both classes.
    assert set(splits.train.labels[:8].tolist()) == {0, 1}
    assert (loaded.source, loaded.notes[0]) == ("local", "2 classes: cat (20), owl (20).")
    assert loaded.fingerprint == load(tmp_path / "birds").fingerprint
    assert loaded.fingerprint != load(tmp_path / "birds", split_seed=1).fingerprint


def test_labels_belong_to_their_pixels(tmp_path):
    root = fill(tmp_path, each=10)
    train = load(root).splits.train
    known = {
        np.asarray(Image.open(path)).tobytes(): path.parent.name for path in root.rglob("*.png")
    }
    names = [train.classes[label] for label in train.labels]
    assert [known[image.tobytes()] for image in train.pixels] == names


def test_folders_train_validation_and_test_are_the_splits(tmp_path):
    for start, (name, each) in enumerate([("train", 6), ("validation", 2), ("test", 3)]):
        fill(tmp_path / name, each=each, start=100 * start)
    loaded = load(tmp_path)
    assert sizes(loaded.splits) == [12, 4, 6]
    assert set(loaded.splits.train.labels[:6].tolist()) == {0, 1}
    shutil.copy(tmp_path / "train/cat/00.png", tmp_path / "test/cat/copy.png")
    assert load(tmp_path).notes[1:] == ["1 of 7 test images are in the train folder too."]
    (tmp_path / "test/cat/copy.png").unlink()
    shutil.rmtree(tmp_path / "validation")
    loaded = load(tmp_path)
    assert sizes(loaded.splits) == [12, 0, 6]
    assert any("no folder validation" in note for note in loaded.notes)
    fill(tmp_path / "test", classes=("dodo",), each=1)
    with pytest.raises(DataError, match=r"dodo is not a class.* cat, owl"):
        load(tmp_path)


@pytest.mark.parametrize("above", ["", "data", "Data"])
@pytest.mark.parametrize(
    "names",
    [("Train", "Validation", "Test"), ("training", "val", "testing"), ("train", "dev", "TEST")],
)
def test_splits_by_their_usual_names_and_what_lies_beside(tmp_path, names, above):
    for start, name in enumerate(names):
        fill(tmp_path / above / name, each=2, start=100 * start)
    loaded = load(tmp_path)
    assert sizes(loaded.splits) == [4, 4, 4]
    assert loaded.notes == ["2 classes: cat (6), owl (6)."]
    fill(tmp_path / above / "more", each=1)
    save(tmp_path / above / "lost.png")
    notes = " ".join(load(tmp_path).notes)
    assert "lost.png, more beside the splits were left out" in notes


def test_a_class_may_be_called_train_and_one_may_lie_in_data(tmp_path):
    classes = fill(tmp_path / "a", classes=("car", "train"), each=5)
    assert load(classes).splits.train.classes == ("car", "train")
    fill(tmp_path / "b" / "data", each=5)
    assert load(tmp_path / "b").splits.train.classes == ("cat", "owl")
    shutil.rmtree(classes / "train")
    fill(classes / "train", classes=("steam", "diesel"), each=2)
    notes = load(classes).notes
    assert any("car beside the splits was left out" in note for note in notes)
    fill(tmp_path / "c", classes=("owl",), each=5)
    fill(tmp_path / "c" / "cat", classes=("test",), each=5)
    with pytest.raises(DataError, match="a part named test further down"):
        load(tmp_path / "c")


def test_numbers_as_class_names_are_sorted_as_numbers(tmp_path):
    splits = load(fill(tmp_path, classes=("10", "9", "1"), each=5)).splits
    assert splits.train.classes == ("1", "9", "10")


def test_all_get_the_usual_size_and_colour_if_any_has(tmp_path):
    fill(tmp_path, each=6)
    save(tmp_path / "owl" / "large.jpg", "RGB", (30, 10))
    save(tmp_path / "owl" / "tall.JPEG", "L", (7, 21))
    loaded = load(tmp_path)
    assert loaded.splits.train.pixels.shape[1:] == (6, 6, 3)
    assert any("2 of 14 images were scaled to 6 x 6" in note for note in loaded.notes)
    assert any("13 grey images were read as RGB, as 1 have" in note for note in loaded.notes)
    assert load(tmp_path, size=4).splits.train.pixels.shape[1:] == (4, 4, 3)


def test_where_sizes_differ_all_get_their_medians(tmp_path):
    for number in range(8):
        path = tmp_path / "ab"[number % 2] / f"{number}.png"
        save(path, size=(60 + 5 * number, 50 + 3 * number), seed=number)
    for name in ("a", "b"):
        save(tmp_path / name / "icon.png", size=(8, 8), seed=ord(name))
    assert load(tmp_path).splits.train.pixels.shape[1:] == (56, 70, 1)


def test_large_photos_become_128_pixels_at_most(tmp_path):
    fill(tmp_path, each=2, size=(300, 150))
    assert load(tmp_path).splits.train.pixels.shape[1:] == (64, 128, 1)


def test_transparent_16_bit_and_turned_images_by_the_stated_rules(tmp_path):
    fill(tmp_path, classes=("a", "b"), each=5)
    values = np.full((6, 6), 0x8080, np.uint16)
    save(tmp_path / "a" / "deep.png", "I;16", image=Image.fromarray(values))
    half = np.zeros((6, 6, 2), np.uint8)
    half[:, :3, 1] = 255
    Image.fromarray(half).save(tmp_path / "a" / "half.png")
    turned = Image.fromarray(np.repeat(np.arange(12, dtype=np.uint8) * 20, 6).reshape(12, 6))
    exif = Image.Exif()
    exif[274] = 6  # seen upright after a quarter turn
    turned.save(tmp_path / "a" / "turned.png", exif=exif)
    loaded = load(tmp_path)
    everything = np.concatenate(
        [getattr(loaded.splits, name).pixels for name in ("train", "validation", "test")]
    )
    flat = everything.reshape(len(everything), -1)
    assert (flat == 0x80).all(axis=1).sum() == 1
    assert (everything[..., 0] == [0, 0, 0, 255, 255, 255]).all(axis=(1, 2)).sum() == 1
    # Twelve high and six wide in the file, so as seen it is wide: bars above and below.
    columns = everything[..., 0].astype(int)
    falling = (np.diff(columns[:, 2], axis=1) < -20).all(axis=1)
    assert falling.sum() == 1


def test_copies_are_dropped_and_small_classes_are_named(tmp_path):
    fill(tmp_path, classes=("a", "b"), each=20)
    save(tmp_path / "b" / "again.png", seed=3)
    fill(tmp_path, classes=("rare",), each=3, start=5000)
    loaded = load(tmp_path)
    assert sum(sizes(loaded.splits)) == 43
    assert loaded.notes[0] == "3 classes: a (20), b (20), rare (3)."
    assert any("1 of 44 images were dropped as copies" in note for note in loaded.notes)
    assert "The validation split has no image of rare: more images are needed." in loaded.notes


def test_images_of_another_size_and_colour_move_no_others(tmp_path):
    for number in range(40):
        (tmp_path / "ab"[number % 2]).mkdir(exist_ok=True)
        Image.new("L", (6, 6), 6 * number).save(tmp_path / "ab"[number % 2] / f"{number}.png")

    def split_of():
        splits = load(tmp_path).splits
        parts = [splits.train, splits.validation, splits.test]
        levels = {int(image.max()): n for n, part in enumerate(parts) for image in part.pixels}
        return levels, splits.train.pixels.shape[1:]

    before, shape = split_of()
    for seed in range(41):  # now most have another size, and all are read in colour
        save(tmp_path / "a" / f"large-{seed}.png", "RGB", (16, 16), seed=seed)
    after, other = split_of()
    assert (shape, other) == ((6, 6, 1), (16, 16, 3))
    assert {level: after[level] for level in before} == before
    assert len(set(before.values())) == 3


@pytest.mark.parametrize("ending", image_endings())
def test_training_reads_every_format_that_predict_reads(tmp_path, ending):
    fill(tmp_path, each=5)
    kind = Image.registered_extensions()[ending]
    if kind not in Image.SAVE or ending == ".pfm":
        pytest.skip(f"Pillow reads {ending} and does not write it")
    options = {"lossless": True} if kind == "WEBP" else {}
    save(tmp_path / "cat" / f"test{ending.upper()}", "RGB", (16, 16), format=kind, **options)
    splits = load(tmp_path).splits
    assert sum(sizes(splits)) == 11
    assert splits.train.pixels.shape[-1] == 3


def test_what_is_left_out_is_counted_and_named(tmp_path):
    fill(tmp_path, each=5)
    save(tmp_path / "lost.png")
    (tmp_path / "cat" / "dead.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "cat" / "notes.txt").write_text("cats")
    loaded = load(tmp_path)
    assert sum(sizes(loaded.splits)) == 10
    notes = " ".join(loaded.notes)
    assert "1 image in no class folder left out (lost.png)" in notes
    assert "1 link that leads nowhere left out (dead.png)" in notes
    assert "1 file of another type left out (notes.txt)" in notes


def test_other_and_hidden_files_are_left_out(tmp_path):
    fill(tmp_path, each=5)
    (tmp_path / "cat" / "readme.txt").write_text("cats")
    (tmp_path / "cat" / ".hidden.png").write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    loaded = load(tmp_path)
    assert sum(sizes(loaded.splits)) == 10
    assert any("1 file of another type left out (readme.txt)" in note for note in loaded.notes)


def bomb() -> bytes:
    """Returns a PNG file whose header claims 60,000 x 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def spoil(path: Path, how: str) -> None:
    if how == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif how == "icon":
        Image.new("L", (16, 16)).save(path, "ICO")
    else:
        path.write_bytes({"empty": b"", "text": b"no image", "bomb": bomb()}[how])


REASONS = {"cut": "damaged", "icon": "PNG, JPEG", "empty": "empty", "text": "PNG", "bomb": "large"}


@pytest.mark.parametrize("ending", ["png", "jpg"])
@pytest.mark.parametrize("how", REASONS)
def test_a_bad_file_is_left_out_and_told_with_path_and_reason(tmp_path, how, ending):
    fill(tmp_path, each=10)
    path = save(tmp_path / "cat" / f"bad.{ending}", size=(60, 60))
    spoil(path, how)
    loaded = load(tmp_path)
    assert sum(sizes(loaded.splits)) == 20
    note = next(note for note in loaded.notes if "left out" in note)
    assert f"{tmp_path.name}: 1 image that cannot be read left out: cat/bad.{ending}" in note
    assert REASONS[how] in note
    assert str(tmp_path) not in note


@pytest.mark.parametrize("how", ["cut", "empty"])
def test_a_folder_of_which_most_images_are_bad_is_refused(tmp_path, how):
    for path in fill(tmp_path, each=10).glob("*/*[1-9].png"):
        spoil(path, how)
    with pytest.raises(DataError, match=r"18 images that cannot be read, and only 2 others: cat"):
        load(tmp_path)
    assert sum(sizes(load(tmp_path, skip_bad=True).splits)) == 2


def test_a_class_without_any_readable_image_is_refused(tmp_path):
    fill(tmp_path, each=10)
    spoil(save(tmp_path / "wren" / "one.png"), "empty")
    with pytest.raises(DataError, match=r"wren has 0 images that can be read: wren/one\.png"):
        load(tmp_path)


def test_folders_without_classes_or_images_are_refused(tmp_path):
    with pytest.raises(DataError, match="has no folders in it"):
        load(tmp_path)
    file = save(tmp_path / "one.png")
    with pytest.raises(DataError, match=r"one\.png is a file; expected a folder"):
        load(file)
    (tmp_path / "cat").mkdir()
    with pytest.raises(DataError, match="cat has 0 images"):
        load(tmp_path)
    (tmp_path / "cat" / "a.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"0 images that can be read: cat/a\.png"):
        load(tmp_path, skip_bad=True)


def test_one_class_alone_teaches_nothing(tmp_path):
    with pytest.raises(DataError, match="All 8 training images have the class 'cat'"):
        load(fill(tmp_path, classes=("cat",)))


def test_more_than_fits_in_memory_is_refused_before_reading(tmp_path, monkeypatch):
    fill(tmp_path, each=5, size=(100, 100))
    monkeypatch.setattr("deepzoo.system.memory.available", lambda: 1000)
    with pytest.raises(ResourceError, match=r"10 images of 100 x 100 pixels needs about"):
        load(tmp_path)
