"""Using a run: sheets of drawn images, and completions of half an image."""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError, did_you_mean
from deepzoo.figures import mosaic
from deepzoo.sampling import Sampling

from .drawing import complete, draw
from .prepare import as_bytes
from .scoring import surprise

if TYPE_CHECKING:
    from deepzoo import Run

logger = logging.getLogger("deepzoo")
CANDIDATES = 60
"""Candidates of a completion, at least: as many of each class."""
BLOCK = 8
"""Completions that are drawn at once; with their candidates they take a few hundred megabytes."""
UNLIKE = 5
"""Standard deviations of the likelihood beyond which half an image is unlike those learned from."""
HIDDEN = 64  # grey of what is not kept, or not drawn yet


def generate(
    run: Run,
    count: int,
    label: str | None,
    temperature: float,
    seed: int | None,
    animate: bool = False,
) -> np.ndarray:
    """Draws images.

    Returns:
        The images side by side in a square, uint8 [height, width]; animated, a frame for each of
        their rows, uint8 [frames, height, width, 1].

    Raises:
        UsageError: There is no such class, or the network cannot do what is asked.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    network = run.network_for(1)  # any number is drawn in NumPy, where the model can
    if (temperature != 1 or animate) and hasattr(network, "draw"):
        raise UsageError(
            f"The network of {run.id} ({run.model}) draws whole images, with neither a temperature "
            "nor rows to show one by one.",
            f"Leave out --{'animate' if animate else 'temperature'}.",
        )
    classes = classes_of(run, label)
    shares = np.array(run.preprocessor["shares"])[classes]
    labels = np.random.default_rng(seed).choice(classes, count, p=shares / shares.sum())
    images = as_bytes(draw(network, labels, Sampling(temperature), seed), run.spec["levels"])
    columns = math.ceil(math.sqrt(count))
    if not animate:
        return mosaic(images, columns)
    rows = np.arange(images.shape[1])[:, None]
    frames = [np.where(rows < drawn, images, np.uint8(HIDDEN)) for drawn in range(len(rows) + 1)]
    return np.stack([mosaic(frame, columns) for frame in frames])[..., None]


def predict(
    run: Run, image: Any, keep: str, count: int, label: str | None, seed: int | None
) -> np.ndarray:
    """Completes half an image.

    Returns:
        In a row what is kept, the completions, and the whole image, uint8 [height, width].

    Raises:
        DataError: The image cannot be read.
        UsageError: There is no such class, or the network cannot do what is asked.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    network = run.network_for(1)
    if hasattr(network, "draw"):
        raise UsageError(
            f"The network of {run.id} ({run.model}) draws whole images and cannot finish one.",
            f"Train one that can: deepzoo train {run.dataset} --task {run.task}",
        )
    (given,) = run.prepare_inputs([image])
    kept = kept_half(given.shape, keep)
    classes = classes_of(run, label)
    labels = np.tile(classes, -(-CANDIDATES // len(classes)))
    log_shares = np.log(np.array(run.preprocessor["shares"])[labels])
    completed = [
        image
        for first in range(0, count, BLOCK)
        for image in complete(
            network, given, kept, labels, log_shares, min(BLOCK, count - first), seed + first
        )
    ]
    seen = completed[0] / np.float32(run.spec["levels"] - 1)
    if surprise(network, seen, completed[0], kept, classes.astype(np.int32)) > UNLIKE:
        logger.warning(
            f"What is kept is unlike all images that {run.id} learned from, so its completions "
            "may show nothing."
        )
    pictures = as_bytes(np.stack([given, *completed, given]), run.spec["levels"])
    pictures[0, ~kept] = HIDDEN
    return mosaic(pictures, len(pictures))


def classes_of(run: Run, label: str | None) -> np.ndarray:
    """Returns the numbers of the classes to draw: the named one, or all that were learned.

    Raises:
        UsageError: There is no such class, or the network does not know classes apart.
    """
    names = run.preprocessor["classes"]
    learned = np.flatnonzero(run.preprocessor["shares"])
    if label is None:
        return learned
    if not getattr(run.recipe("model"), "by_class", False):
        raise UsageError(
            f"{run.id} ({run.model}) did not learn the classes apart, so it cannot draw one alone.",
            "Leave out --label.",
        )
    known = [names[number] for number in learned]
    if label not in known:
        raise UsageError(
            f"{run.id} has no class '{label}'.{did_you_mean(label, known)}",
            f"It learned: {', '.join(known)}",
        )
    return np.array([names.index(label)])


def kept_half(shape: Sequence[int], keep: str) -> np.ndarray:
    """Returns which pixels stay, bool [height, width]; of an odd number the larger half."""
    kept = np.zeros(shape, bool)
    rows, columns = ((side + 1) // 2 for side in shape)
    halves = {"top": np.s_[:rows], "bottom": np.s_[-rows:],
              "left": np.s_[:, :columns], "right": np.s_[:, -columns:]}  # fmt: skip
    kept[halves[keep]] = True
    return kept
