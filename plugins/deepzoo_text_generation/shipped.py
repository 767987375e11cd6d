"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "tweets",
        task="text-generation",
        example='deepzoo generate "Today I will"',
        sha256={
            "run.json": "e07a51abc747abb87d2cdf4e0d600e92a350625401a12cdf6b6589e5c87e4192",
            "preprocessor.json": "53f080e3c8b8df0a69d9f16f7c63e7a12e5d1dc2e6488e786eadc28187381218",
            "history.json": "50d01a03a68d7df4c841381ac4c4d0d5b95526939ea3a1f47d7db5d47f140ffe",
            "metrics.json": "fc609d6312fb1fc61fb69421bd08f2ef31dddd86710041fbd9b7563833d06f52",
            "weights.safetensors": "8000f37b8322a2461b5cc24ae3305456392e9ea74f4c64d06ee4c6ba3be1d32e",
        },
    ),
)
