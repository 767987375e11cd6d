"""The cache of a dataset: shown, verified and cleared."""

from __future__ import annotations

import hashlib

import pytest
from mirror import whole_files

from deepzoo import Dataset, File
from deepzoo.data.cache import paths, remove, verify
from deepzoo.data.load import load_data
from deepzoo.errors import UnsafeFileError
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
