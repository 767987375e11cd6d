"""Training steps through deepzoo's trainer, for the scripts that measure them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from deepzoo import Images, Run, Splits, Text
from deepzoo.data.load import Data
from deepzoo.networks.devices import feed
from deepzoo.training.keras_loop import loss_object
from deepzoo.training.optimizers import make_optimizer
from deepzoo.training.schedule import TrainingPlan
from deepzoo.training.trainer import Trainer
from deepzoo.workload import Workload

SEED = 0
CHARACTERS = 100  # as many as tweets have
SIDE, CLASSES = 28, 10  # of digits


def random_text(count: int) -> str:
    """Draws characters; the time of a step does not depend on which."""
    codes = np.random.default_rng(SEED).integers(33, 33 + CHARACTERS - 1, count)
    return "".join(map(chr, codes.tolist()))


def text_workload(model: str, steps: int, settings: Mapping[str, Any]) -> Workload:
    """Makes the workload of a text model on a text of exactly `steps` batches."""
    workload = Workload.make("text", model=model, assignments=settings)
    recipe = workload.recipes.model
    window = recipe.sequence_length
    text = random_text(steps * recipe.batch_size * window - 1)
    small = Text([text[: 2 * window]])
    workload.given = Data(Splits(Text([text]), small, small), "local", "", [], [])
    return workload


def image_workload(model: str, pictures: int) -> Workload:
    """Makes the workload of a model on pictures of noise: how long a step takes is the same."""
    generator = np.random.default_rng(SEED)
    labels = np.arange(pictures) % CLASSES
    pixels = generator.integers(0, 256, (pictures, SIDE, SIDE, 1), np.uint8)
    images = Images(pixels, labels, [str(index) for index in range(CLASSES)])
    workload = Workload.make("mnist", model=model, assignments={})
    workload.given = Data(Splits(images, images, images), "local", "", [], [])
    return workload


class Steps:
    """Epochs of a few steps, as the trainer runs them, without validation and checkpoints.

    Args:
        workload: From `text_workload` or `image_workload`.
        folder: Where the run's files would go.
    """

    def __init__(self, workload: Workload, folder: Path) -> None:
        self.workload = workload
        self.model = workload.recipes.model
        self.network = workload.build()
        plan = TrainingPlan(epochs=10**6, checkpoint_seconds=math.inf)
        task = workload.recipes.task
        self.trainer = Trainer(
            Run(folder, {}),
            self.network,
            workload.prepared,
            self.model,
            task,
            plan,
            lambda event: None,
            [],
        )
        self.count = self.trainer.order.steps
        self.epochs = 0

    def epoch(self) -> None:
        """Trains for one epoch."""
        self.trainer.loop.run_epoch(self.trainer, self.epochs, 0)
        self.epochs += 1


def bare_fit(steps: Steps, tuned: bool) -> Callable[[], object]:
    """Builds the same network again and returns an epoch of Keras' own `fit`."""
    workload, order = steps.workload, steps.trainer.order
    inputs, targets, _ = workload.prepared.train.batch(order.epoch(0).reshape(-1))
    model = workload.build().model
    model.compile(
        optimizer=make_optimizer(steps.model),
        loss=loss_object(
            steps.model.loss or workload.recipes.task.loss, workload.prepared.spec.get("outputs")
        ),
    )
    size = order.batch_size
    if tuned:
        return lambda: model.fit(inputs, targets, batch_size=size, shuffle=False, verbose=0)
    starts = range(0, len(inputs), size)
    batches = [(inputs[start : start + size], targets[start : start + size]) for start in starts]
    return lambda: model.fit(feed(batches), verbose=0)
