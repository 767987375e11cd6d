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
            "run.json": "ee716b52cedf951ddc59a22b3e0c2821546241a759c1178ec500fbcc0dba7ad7",
            "preprocessor.json": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
            "history.json": "f86697a182879a50f5cbe456f8cfd68fdc588394436e164c22002ca95a883ab4",
            "metrics.json": "550fceb63f2d572cbf8316e7ac6809098d83224f493fded5a4bab05162065d15",
            "weights.safetensors": "7f3b9370d0e4b641e0116d0d4568f1847c641e4e01d1653c41a01c46df462c57",
        },
    ),
)
