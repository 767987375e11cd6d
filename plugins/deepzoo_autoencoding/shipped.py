"""The trained runs that come with this plugin; written by `deepzoo runs ship`."""

from __future__ import annotations

from pathlib import Path

from deepzoo import Shipped

TRAINED = Path(__file__).with_name("trained")
SHIPPED: tuple[Shipped, ...] = (
    Shipped(
        TRAINED / "mnist-codes",
        task="autoencoding",
        example="deepzoo encode mnist-codes digit.png",
        sha256={
            "run.json": "5905ca214dfffc06e9704daba72ee91138363b1234a5cb95c2b83319f0891c55",
            "preprocessor.json": "92b90eec9a1334a8ce2c682fd259768c4e1d2a4c35353029a43e390b8a05a2f4",
            "history.json": "f2d77855356e58931c7058175a094a7448741dcb81dc0734463efef78a7cea06",
            "metrics.json": "c7cd32a3a1c89ea9ad836ed4969629195c9fd53d6f26bde69e6feae19eaa3294",
            "weights.safetensors": "e4c27c5c97f4aaba317defa9b755bdb9a83dd92ec64e51222d87bbadb617f1da",
        },
    ),
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
