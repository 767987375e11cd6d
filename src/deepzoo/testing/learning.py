"""Whether a network learns: in its training, or else on one batch, with steps enough to know."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..networks.keras_network import is_keras
from ..training.batches import BatchOrder
from ..training.keras_loop import KerasLoop
from .findings import Findings

if TYPE_CHECKING:
    from ..workload import Workload

SECONDS = 10.0
FEWEST, MOST = 20, 1000
"""Steps on the batch: fewer show nothing, and more are not needed."""


def check_loss(findings: Findings, workload: Workload, history: Sequence[float]) -> None:
    """Checks that the loss falls.

    Two epochs on a few examples may be too few steps. A network whose loss has not fallen
    clearly by then is given one batch over and over, which any network can learn by heart.

    Args:
        findings: Takes what is found.
        workload: The model with its task and data.
        history: The losses of the epochs of its training.
    """
    if clearly_lower(min(history), history[0]):
        findings.checked.append(f"Its loss falls: {history[0]:.4g} -> {min(history):.4g}.")
        return
    name = type(workload.recipes.model).__name__
    with findings.attempt(f"{name}: training on one batch"):
        losses = losses_on_one_batch(workload)
    if len(losses) < FEWEST:
        findings.checked.append(f"Skipped: {SECONDS:g} s were too few to see its loss fall.")
        return
    course = f"{losses[0]:.4g} -> {losses[-1]:.4g} in {len(losses)} steps"
    with findings.part(f"Its loss falls on one batch: {course}."):
        findings.expect(
            falls(losses),
            f"{name} does not learn: on one batch its loss goes {course}. "
            "Check the loss, its targets and the learning rate.",
        )


def losses_on_one_batch(workload: Workload) -> list[float]:
    """Trains on the first batch until its loss has fallen, or the time or the steps are over."""
    step, losses = _step(workload), []
    end = time.monotonic() + SECONDS
    while len(losses) < MOST and time.monotonic() < end:
        losses.append(step())
        done = len(losses) >= FEWEST and clearly_lower(max(losses[-FEWEST // 2 :]), losses[0])
        if done or not math.isfinite(losses[-1]):
            break
    return losses


def clearly_lower(loss: float, first: float) -> bool:
    """Says whether a loss is a tenth lower than the first one."""
    return loss <= first - 0.1 * abs(first)


def falls(losses: Sequence[float]) -> bool:
    """Says whether the last losses are lower than the first ones by more than they vary."""
    import numpy as np

    first, last = np.array(losses[: FEWEST // 2]), np.array(losses[-FEWEST // 2 :])
    error = math.sqrt((first.var() + last.var()) / len(first))
    least = max(3 * error, 1e-5 * abs(first.mean()))
    return clearly_lower(last.mean(), losses[0]) or bool(first.mean() - last.mean() > least)


def _step(workload: Workload) -> Callable[[], float]:
    """Returns a function that trains on the first batch once more and returns its loss."""
    import numpy as np

    network, prepared, model = workload.build(), workload.prepared, workload.recipes.model
    size = prepared.spec["batch_size"]
    order = BatchOrder(len(prepared.train), size, model.order, workload.seed)
    batch = prepared.train.batch(np.arange(size))
    if is_keras(network):
        KerasLoop(network, prepared, model, workload.recipes.task, order)  # compiles it

    def step() -> float:
        if hasattr(network, "reset_states"):
            network.reset_states()
        if not is_keras(network):
            return float(network.train_step(*batch)["loss"])
        network.model.reset_metrics()  # else it would return the mean of all steps
        logs: Any = network.model.train_on_batch(*batch, return_dict=True)
        return float(logs["loss"])

    return step
