"""What a training was asked to do."""

from __future__ import annotations

import dataclasses

CHECKPOINT_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class TrainingPlan:
    """What a training was asked to do beyond its model's settings.

    Args:
        epochs: Passes over the training split in all, earlier ones included.
        seed: Decides weights, order and dropout.
        patience: Epochs without a better validation loss before it stops; None never does.
        max_minutes: Budget of training time.
        checkpoint_seconds: Time between checkpoints inside an epoch.
    """

    epochs: int
    seed: int = 0
    patience: int | None = None
    max_minutes: float | None = None
    checkpoint_seconds: float = CHECKPOINT_SECONDS
