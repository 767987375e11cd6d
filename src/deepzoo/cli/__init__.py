"""The command line: it parses and shows; `deepzoo.api` works."""

from __future__ import annotations

from .app import main

__all__ = ["main"]
