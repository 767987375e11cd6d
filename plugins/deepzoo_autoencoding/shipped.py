"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "noisy-office",
        task="denoising",
        example="deepzoo predict noisy-office scan.jpg --out clean.png",
        sha256={
            "run.json": "f776cf91866880d4581f085ef407072a25605f3b3f7d0063080ba43701ffe5a0",
            "preprocessor.json": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
            "history.json": "be18eb9e7789090e116d223d052ab54022337e747689d972683542026d362837",
            "metrics.json": "be911044184729b8dc80456e74a637d187fcd498ee06ff536c323cc95c9ffd40",
            "weights.safetensors": "8dd3479c161da1df68f6919dbd4b19952ce1a208cb808e29822381611b13e54f",
        },
    ),
)
