"""Loading a dataset: where the data come from, and that the run is told."""

from __future__ import annotations

import hashlib
import logging

import numpy as np
import pytest

from deepzoo import Dataset, File, Splits
from deepzoo.data.load import finish, load_data, load_dataset
from deepzoo.errors import (
    DataError,
    DownloadError,
    IntegrityError,
    PluginError,
    ResourceError,
    UsageError,
)
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.kinds import Text, TextSettings
from deepzoo.readers.text import read_splits, read_text
from deepzoo.readers.text_splits import split_long_text

CONTENT = b"a line of real text\n" * 50
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OFFLINE = "https://example.invalid/poems.txt"


def poems(*mirrors, sample=True, **options):
    options = {"sha256": SHA256, "size": len(CONTENT)} | options

    class Poems(Dataset):
        name, kind, folder = "poems", Text, "books"
        files = {"poems": File(("poems.txt", "old/poems.txt"), mirrors or (OFFLINE,), **options)}

        def load(self, files):
            return split_long_text(read_text(files["poems"], files.options.encoding))

    if sample:
        Poems.sample = lambda self: split_long_text("a made-up line\n" * 20)
    return Poems()


class Own(Dataset):
    name, kind = "text", Text

    def load(self, files):
        return read_splits(files["data"], files.options)


class Numbers(Dataset):
    name, kind = "numbers", Text

    def load(self, files):
        return Splits(Text([str(i) for i in range(30)]), Text(["x"]), Text(["y"]))


def test_generated_data_are_full_and_have_no_files():
    loaded = load_data(Numbers())
    assert (loaded.source, loaded.files, loaded.notes) == ("full", [], [])
    assert len(loaded.fingerprint) == 64


def test_the_published_file_under_deepzoo_data_is_full(local):
    (local / "poems.txt").write_bytes(CONTENT)
    loaded = load_data(poems())
    assert loaded.source == "full"
    assert loaded.files == [
        {"name": "poems", "path": "poems.txt", "sha256": SHA256, "size": len(CONTENT)}
    ]
    assert [note[:20] for note in loaded.notes] == ["The document is cut:"]


def test_another_file_is_local_and_says_so(local):
    (local / "old").mkdir()
    (local / "old" / "poems.txt").write_bytes(CONTENT + b"more\n")
    loaded = load_data(poems())
    assert loaded.source == "local"
    assert loaded.files[0]["path"] == "old/poems.txt"
    assert "old/poems.txt; published figures" in loaded.notes[0]


def test_a_known_file_that_no_figure_was_measured_on_is_local(local):
    (local / "poems.txt").write_bytes(CONTENT)
    assert load_data(poems(published=False)).source == "local"


def test_a_further_known_hash_of_the_published_data_is_full(local):
    (local / "old").mkdir()
    (local / "old" / "poems.txt").write_bytes(CONTENT[:-1])
    known = {"old/poems.txt": hashlib.sha256(CONTENT[:-1]).hexdigest()}
    assert load_data(poems(hashes=known)).source == "full"


def test_the_order_is_own_folder_cache_network(local, mirror):
    fetched = load_data(poems(mirror.url))
    assert fetched.source == "full"
    assert len(mirror.requests) == 1
    assert load_data(poems(mirror.url)).fingerprint == fetched.fingerprint
    assert len(mirror.requests) == 1
    (local / "poems.txt").write_bytes(CONTENT * 2)
    assert load_data(poems(mirror.url)).source == "local"
    assert len(mirror.requests) == 1


def test_without_network_the_sample_is_used_and_warned_of(caplog):
    with caplog.at_level(logging.WARNING, "deepzoo"):
        loaded = load_data(poems())
    assert loaded.source == "sample"
    assert loaded.notes[0].startswith("SAMPLE: a small stand-in for poems")
    assert OFFLINE in loaded.notes[0]
    assert loaded.notes[0] in caplog.text


@pytest.mark.parametrize(("dataset", "sample"), [(poems(), False), (poems(sample=False), None)])
def test_a_forbidden_or_absent_sample_leaves_the_error(dataset, sample, home):
    with pytest.raises(DownloadError, match="no network") as caught:
        load_data(dataset, sample=sample)
    assert str(home / "cache" / "data" / "poems" / "poems.txt") in caught.value.hint


def test_a_wrong_file_is_never_replaced_by_a_sample(mirror):
    with pytest.raises(IntegrityError):
        load_data(poems(mirror.url, sha256="0" * 64))


def test_a_sample_on_request_reads_nothing(mirror):
    loaded = load_data(poems(mirror.url), sample=True)
    assert (loaded.source, loaded.files, mirror.requests) == ("sample", [], [])
    with pytest.raises(UsageError, match="has no sample"):
        load_data(poems(sample=False), sample=True)
    with pytest.raises(UsageError, match="exclude each other"):
        load_data(poems(), sample=True, path=".")


def test_a_mirror_without_hash_is_unverified(mirror):
    loaded = load_data(poems(mirror.url, sha256="", size=0))
    assert loaded.source == "local"
    assert "unverified" in loaded.notes[1]


def test_a_path_given_by_the_user_comes_first(local, tmp_path):
    (local / "poems.txt").write_bytes(CONTENT)
    file = tmp_path / "other.txt"
    file.write_bytes(b"other words\n" * 20)
    loaded = load_data(poems(), path=file)
    assert (loaded.source, loaded.files[0]["path"]) == ("local", "other.txt")
    assert load_data(poems(), path=local).source == "full"
    with pytest.raises(DataError, match=r"does not contain poems\.txt or old/poems\.txt"):
        load_data(poems(), path=tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        load_data(poems(), path=tmp_path / "nowhere")
    with pytest.raises(UsageError, match="generated"):
        load_data(Numbers(), path=tmp_path)


def test_own_data_need_a_path_and_are_local(tmp_path):
    with pytest.raises(UsageError) as caught:
        load_data(Own())
    assert "deepzoo train text --data PATH" in caught.value.hint
    file = tmp_path / "my.txt"
    file.write_bytes(b"\xef\xbb\xbf" + CONTENT)
    loaded = load_data(Own(), path=file)
    assert (loaded.source, loaded.files[0]["path"]) == ("local", "my.txt")
    assert loaded.notes[0] == "my.txt: read as utf-8 by its byte order mark."
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_bytes(CONTENT)
    assert load_data(Own(), path=folder).files[0] == {
        "name": "data",
        "path": "folder",
        "sha256": "",
        "size": len(CONTENT),
    }


def test_the_settings_of_the_kind_are_applied(tmp_path):
    file = tmp_path / "my.txt"
    file.write_bytes("é".encode("cp1252") * 100)
    loaded = load_data(Own(), TextSettings(encoding="cp1252", max_length=3), path=file)
    assert loaded.splits.train.documents == ["ééé"]


def test_limit_keeps_the_first_training_examples():
    loaded = load_data(Numbers(), limit=3)
    assert loaded.splits.train.documents == ["0", "1", "2"]
    assert len(loaded.splits.test) == 1
    assert loaded.fingerprint != load_data(Numbers()).fingerprint
    with pytest.raises(UsageError, match="at least 1"):
        load_data(Numbers(), limit=0)


def test_a_folder_named_by_the_variable_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("DEEPZOO_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="DEEPZOO_DATA"):
        load_data(poems())


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
        (["a"], PluginError, "load must return deepzoo.Splits; received"),
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


def test_data_made_from_what_is_not_there_are_the_sample_of_their_own(plugin):
    class Verses(Dataset):
        name, kind = "verses", Text

        def load(self, files):
            return load_dataset("poems")

        def sample(self):
            return Splits(Text(["a verse"]), Text([]), Text([]))

    plugin(register_datasets=lambda: [type(poems()), Verses])
    loaded = load_data(Verses())
    assert (loaded.source, loaded.splits.train.documents) == ("sample", ["a verse"])
    assert "poems.txt could not be downloaded" in loaded.notes[0]
    with pytest.raises(DownloadError):
        load_data(Verses(), sample=False)


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


def test_real_tweets_load_from_the_folder_of_the_user(real_data):
    folder = real_data / "trump_tweets"
    loaded = load_data(Own(), path=folder / "trump_tweets_2009_2016.csv")
    assert loaded.source == "local"
    assert len(loaded.splits.train) == 26_631


@pytest.mark.parametrize(
    ("limit", "count", "said"),
    [
        (5, 1, "--limit 5 has no effect: the training split is one example."),
        (5, 3, "--limit 5 has no effect: the training split is 3 examples."),
        (3, 3, None),
        (2, 3, None),
    ],
)
def test_a_limit_without_effect_is_told(limit, count, said):
    text = Text([f"document {number} of several" for number in range(count)])
    splits = finish(Own(), TextSettings(), Splits(text, text, text), limit)
    assert list(splits.notes) == ([said] if said else [])
    assert len(splits.train) == min(limit, count)
