"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "mnist-pixels",
        task="pixel-generation",
        example="deepzoo generate --run mnist-pixels --label 7 --out digits.png",
        sha256={
            "run.json": "1d4c4272259df4e9ac9244c262d9556852a52d97712905ae562b2ff3c1df1f42",
            "preprocessor.json": "3e29002538e6a7c6760a27cde9f825e8365e40c14275221ca08abf83c477e732",
            "history.json": "7f40541bb16d37798b96bbd325ddc3bbbedd3f428ac9bd90a3a47c0b8f256a57",
            "metrics.json": "36b07322e281581a71c1398d49045a8ceb5b144db6f6fa681c6871b23238c26b",
            "weights.safetensors": "208e14a41b4e1e3e530f26bb06dfdb306666ba22a23d18e8a3f8e05a4af61441",
        },
    ),
)
