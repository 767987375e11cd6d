"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "addition",
        task="addition",
        example='deepzoo predict addition "57+68"',
        sha256={
            "run.json": "a45effc75557c2dc794b9e100e739bf8600b7931640d98fba7ecd63c8ec66696",
            "preprocessor.json": "6d235af1f8780b419a26af7113303161417f5e7ab3e9a902b95f1115996f26aa",
            "history.json": "c07c8ebf137cfda3a80ccd6f1c71b8cb414a74541d1fb911d44ff540f96d4eb8",
            "metrics.json": "cc9c72d857f94b1acc26d08c7d7a0285d2da7ee1c76c4f25cc0abd5738cfc14d",
            "weights.safetensors": "1faf0e33ea63f46950f82ce7b5b48575a0a659ada0804b9b3559b6f7470c9fee",
        },
    ),
)
