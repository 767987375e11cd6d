"""Lets `python -m deepzoo` be the command `deepzoo`."""

from __future__ import annotations

from deepzoo.cli import main

if __name__ == "__main__":
    main()
