"""Fixtures of the tests of pixel generation."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def hasty_judge(monkeypatch):
    """Lets the classifier of drawn images learn for three epochs, however few images there are."""
    from deepzoo_pixel_generation import scoring

    monkeypatch.setattr(scoring, "SEEN", 0)
