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
            "run.json": "d95083609def4062db3e58cf4704d22a5b01faea9bfa2a89b0ef1342195311e6",
            "preprocessor.json": "3e29002538e6a7c6760a27cde9f825e8365e40c14275221ca08abf83c477e732",
            "history.json": "0749fb0e1597457d7c30529fc1abe1ce159c54fe1ff46e6fcfe6311ae46ecf52",
            "metrics.json": "7733fc6d5c07b88759eb92c7664c8fe1e0f719a95d204f495fee297719241d54",
            "weights.safetensors": "d9058273684e63edf2f4deec8ef57385071cc37834af028948c15f7e1a5717ef",
        },
    ),
)
