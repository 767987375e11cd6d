"""Addresses, redirects and paths that are refused."""

from __future__ import annotations

import pytest
import requests

from deepzoo import File
from deepzoo.data import download
from deepzoo.data.download import fetch
from deepzoo.errors import DownloadError, UnsafeFileError, UsageError

CONTENT = b"content"


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside", "a\\b"])
def test_a_path_outside_the_cache_is_refused(mirror, folder, name):
    with pytest.raises(UnsafeFileError):
        fetch(mirror.file(name=name), folder)


@pytest.mark.parametrize(
    ("url", "sha256"), [("ftp://example.org/a", "0" * 64), ("http://example.org/a", "")]
)
def test_only_addresses_that_can_be_trusted_are_asked(folder, url, sha256):
    with pytest.raises(UsageError, match=r"example\.org"):
        fetch(File(("a",), (url,), sha256), folder)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a"])
def test_a_redirect_elsewhere_is_refused(mirror, folder, target):
    mirror.redirect = target
    with pytest.raises(DownloadError, match=r"refused|not allowed"):
        fetch(mirror.file(), folder)


def test_a_redirect_from_https_to_http_is_refused():
    answer = requests.Response()
    answer.url, answer.status_code = "https://example.org/a", 302
    answer.headers["Location"] = "http://example.org/a"
    with pytest.raises(DownloadError, match="not https"):
        download._check_answer(answer)
