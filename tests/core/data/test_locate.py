"""Promises about the files of every built-in dataset."""

from __future__ import annotations

import pytest

from deepzoo.data.cache import paths
from deepzoo.data.download import target_of
from deepzoo.plugins import registry


def files():
    for entry in registry.datasets():
        for name, file in entry.cls.files.items():
            yield entry.cls, name, file


def test_every_download_is_https_with_hash_and_size():
    seen = 0
    for cls, name, file in files():
        for url in file.mirrors:
            seen += 1
            where = f"{cls.name}, {name}: {url}"
            assert url.startswith("https://"), where
            assert len(file.sha256) == 64, where
            assert int(file.sha256, 16), where
            assert file.size > 0, where
    assert seen


def test_every_file_has_a_place_inside_the_cache(tmp_path):
    for _, _, file in files():
        assert tmp_path in target_of(file, tmp_path).parents


def test_asking_where_files_are_fetches_nothing():
    for entry in registry.datasets():
        assert set(paths(entry.cls).values()) <= {None}


@pytest.mark.parametrize("name", ["shakespeare", "tom-sawyer", "nietzsche"])
def test_the_published_books_are_recognised(real_data, name):
    from deepzoo.data.load import load_data

    loaded = load_data(registry.dataset(name)(), sample=False)
    assert loaded.source == "full"
    assert loaded.files[0]["sha256"] == registry.dataset(name).files["text"].sha256


def test_the_collections_of_tweets_are_local(real_data):
    from deepzoo.data.load import load_data

    assert load_data(registry.dataset("tweets")(), sample=False).source == "local"
