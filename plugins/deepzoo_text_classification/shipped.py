"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "imdb",
        task="text-classification",
        example='deepzoo predict imdb "A waste of two hours."',
        sha256={
            "run.json": "def843fe2d1d9e9f8d60baf4db7276896917d3407dc14e7d6d8e34f875a9c6e6",
            "preprocessor.json": "42a34fb17e8880244564a91b18ca409f270d791c7185b90884e399532d45249d",
            "history.json": "2ce56e158e49b05963a2f6f8ddcc087a111e1f4aaf791147bb9ea5bf95f5e1e7",
            "metrics.json": "de3bbb5107c3714081e3aa7b98aee4bd09d8ebf4957d1832a034b7b4136dda32",
            "weights.safetensors": "27922469f711386fc3671920ed2ccd56fde2f0de72b9ea4a809843586b0e0438",
        },
    ),
)
