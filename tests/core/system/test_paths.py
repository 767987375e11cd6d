"""Where deepzoo keeps things."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepzoo.system import paths


def test_everything_lies_below_deepzoo_home(monkeypatch, tmp_path):
    monkeypatch.setenv("DEEPZOO_HOME", str(tmp_path))
    assert paths.home() == tmp_path
    assert paths.runs() == tmp_path / "runs"
    assert paths.cache() == tmp_path / "cache"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_without_deepzoo_home_the_system_says_where(monkeypatch, value):
    if value is None:
        monkeypatch.delenv("DEEPZOO_HOME", raising=False)
    else:
        monkeypatch.setenv("DEEPZOO_HOME", value)
    for folder in (paths.home(), paths.cache()):
        assert folder.is_absolute()
        assert "deepzoo" in folder.parts
    assert paths.home() != paths.cache()


def test_relative_and_home_paths_become_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEEPZOO_HOME", "here")
    assert paths.home() == tmp_path / "here"
    monkeypatch.setenv("DEEPZOO_HOME", "~/there")
    assert paths.home() == Path.home() / "there"


def test_data_root_is_only_what_the_user_says(monkeypatch, tmp_path):
    monkeypatch.delenv("DEEPZOO_DATA", raising=False)
    assert paths.data_root() is None
    monkeypatch.setenv("DEEPZOO_DATA", str(tmp_path))
    assert paths.data_root() == tmp_path
