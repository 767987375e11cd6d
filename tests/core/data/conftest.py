"""Folders of data, and a mirror that serves the module's `CONTENT`."""

from __future__ import annotations

import pytest
from mirror import serving


@pytest.fixture
def local(tmp_path, monkeypatch):
    """Makes DEEPZOO_DATA with the folder of the poems."""
    folder = tmp_path / "mine" / "books"
    folder.mkdir(parents=True)
    monkeypatch.setenv("DEEPZOO_DATA", str(folder.parent))
    return folder


@pytest.fixture
def mirror(request, monkeypatch):
    """Serves the content that the test's module names."""
    monkeypatch.setenv("NO_PROXY", "*")
    with serving(request.module.CONTENT) as mirror:
        yield mirror


@pytest.fixture
def folder(tmp_path):
    """Names the folder that downloads go to."""
    return tmp_path / "cache"
