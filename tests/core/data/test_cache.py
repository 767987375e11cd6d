"""Data made from other data, datasets that do it wrong, and the cache of a dataset."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from mirror import serving, whole_files

from deepzoo import Dataset, File, Splits
from deepzoo.data.cache import paths, remove, verify
from deepzoo.data.load import load_data, load_dataset
from deepzoo.errors import DataError, DownloadError, PluginError, ResourceError, UnsafeFileError
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.kinds import Text
from deepzoo.readers.text import read_text
from deepzoo.readers.text_splits import split_long_text

CONTENT = b"a line of real text\n" * 50
OFFLINE = "https://example.invalid/poems.txt"


def poems(url=OFFLINE):
    digest = hashlib.sha256(CONTENT).hexdigest()

    class Poems(Dataset):
        name, kind, folder = "poems", Text, "books"
        files = {"poems": File(("poems.txt",), (url,), digest, len(CONTENT))}

        def load(self, files):
            return split_long_text(read_text(files["poems"]))

        def sample(self):
            return split_long_text("a made-up line\n" * 20)

    return Poems()


@pytest.fixture
def local(tmp_path, monkeypatch):
    """Makes DEEPZOO_DATA with the folder of the poems."""
    folder = tmp_path / "mine" / "books"
    folder.mkdir(parents=True)
    monkeypatch.setenv("DEEPZOO_DATA", str(folder.parent))
    return folder


@pytest.fixture
def mirror(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with serving(CONTENT) as mirror:
        yield mirror


def broken(value):
    class Broken(Dataset):
        name, kind = "broken", Text

        def load(self, files):
            if isinstance(value, Exception):
                raise value
            return value

    return Broken()


IMAGES = Images(np.zeros((1, 2, 2, 1), np.uint8), np.zeros(1, np.int64), ("a",))


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (Splits(Text([]), Text([]), Text([])), DataError, "0 training examples"),
        (Splits(Text(["a"]), IMAGES, Text([])), PluginError, "validation split is a Images"),
        (["a"], PluginError, "gave a list"),
        (ValueError("column 7"), DataError, "ValueError: column 7"),
        (MemoryError(), ResourceError, "does not fit in memory"),
    ],
)
def test_what_a_dataset_does_wrong_is_said(value, error, message):
    with pytest.raises(error, match=message):
        load_data(broken(value))


def test_data_by_name_reports_to_the_dataset_that_asked(plugin):
    class Both(Dataset):
        name, kind = "both", Text

        def load(self, files):
            return Splits(load_dataset("poems").train, Text(["v"]), Text(["t"]))

    plugin(register_datasets=lambda: [type(poems()), Both])
    loaded = load_data(Both())
    assert loaded.source == "sample"
    assert "poems" in loaded.notes[0]
    with pytest.raises(DownloadError):
        load_data(Both(), sample=False)


def test_datasets_made_from_each_other_in_a_circle_are_refused(plugin):
    class One(Dataset):
        name, kind = "one", Text

        def load(self, files):
            return load_dataset("two")

    class Two(Dataset):
        name, kind = "two", Text

        def load(self, files):
            return load_dataset("one")

    plugin(register_datasets=lambda: [One, Two])
    with pytest.raises(PluginError, match="one -> two -> one"):
        load_dataset("one")


def test_the_cache_is_shown_checked_and_cleared(mirror, home, local):
    dataset = poems(mirror.url)
    assert paths(dataset) == {"poems": None}
    assert verify(dataset)[0]["status"] == "missing"
    load_data(dataset)
    cached = home / "cache" / "data" / "poems" / "poems.txt"
    assert paths(dataset) == {"poems": cached}
    assert verify(dataset)[0]["status"] == "ok"
    cached.write_bytes(CONTENT[:-1] + b"!")
    assert verify(dataset)[0]["status"] == "damaged"
    (local / "poems.txt").write_bytes(b"my own")
    assert verify(dataset)[0]["status"] == "other"
    assert remove(dataset) == [cached]
    assert remove(dataset) == []
    assert whole_files(home) == []
    assert (local / "poems.txt").exists()


def test_a_cache_folder_that_is_a_link_is_not_deleted(home, tmp_path):
    (tmp_path / "precious").mkdir()
    (home / "cache" / "data").mkdir(parents=True)
    (home / "cache" / "data" / "poems").symlink_to(tmp_path / "precious")
    with pytest.raises(UnsafeFileError, match="is a link"):
        remove(poems())
    assert (tmp_path / "precious").is_dir()
