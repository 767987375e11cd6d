"""Scores: the exact likelihood of images, and how drawn ones look to a classifier."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Images, Scores, Splits, cached_run

from .drawing import draw, log_softmax
from .prepare import as_bytes

if TYPE_CHECKING:
    from deepzoo import Prepared, Run

CONFIDENT = 0.9  # probability from which a classifier recognises an image
SEED = 0  # of the images that are drawn to be judged
JUDGE = {"width": 16, "widths": (16, 32, 64), "label_smoothing": 0.0}
"""A small `resnet-small` without smoothed labels, which would keep it from being confident."""
NOTHING = "nothing"  # its class of images that show no class
SEEN = 150_000  # images that the classifier sees in its training, in 3 to 30 epochs


def log_likelihoods(network: Any, pixels: Any, levels: Any, label: int) -> np.ndarray:
    """Returns the log-likelihood of each pixel of images of a class, in nats.

    Args:
        network: Returns logits [n, height, width, levels].
        pixels: float32 [n, height, width] from 0 to 1.
        levels: The same images as int [n, height, width].
        label: Number of the class.

    Returns:
        float64 [n, height, width].
    """
    logits = network.predict((pixels, np.full(len(pixels), label, np.int32)))
    logs = log_softmax(logits.astype(np.float64))
    return np.take_along_axis(logs, levels[..., None].astype(np.int64), axis=-1)[..., 0]


def of_likelihood(network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
    """Scores images by their exact likelihood: `nll`, `bits_per_pixel` and `nll_of_half`.

    That of an image x is `sum_c p(c) p(x | c)` over all classes c, as frequent as they are in the
    training images; that of its upper half, `sum_c p(c) p(upper half of x | c)`, gives the
    likelihood of the lower half given the upper one.
    """
    shares = np.array(prepared.preprocessor["shares"], float)
    classes, weights = np.flatnonzero(shares), shares[shares > 0] / shares.sum()
    if not prepared.spec["by_class"]:
        classes, weights = classes[:1], np.ones(1)
    shape = arrays.inputs.shape[1:]
    upper = (shape[0] + 1) // 2
    rows = []
    for block in blocks(len(arrays), math.prod(shape) * prepared.spec["levels"]):
        (pixels, _), levels, _ = arrays.batch(block)
        joint = []
        for label, weight in zip(classes, weights, strict=True):
            logs = log_likelihoods(network, pixels, levels, int(label)).sum(axis=2)
            parts = logs[:, :upper].sum(axis=1), logs.sum(axis=1)
            joint.append(np.log(weight) + np.stack(parts))
        rows.append(-np.logaddexp.reduce(joint, axis=0))
    of_upper, of_whole = np.concatenate(rows, axis=1)
    return {
        "nll": Scores(of_whole),
        "bits_per_pixel": Scores(of_whole / (math.prod(shape) * math.log(2))),
        "nll_of_half": Scores(of_whole - of_upper),
    }


def surprise(
    network: Any, pixels: np.ndarray, levels: np.ndarray, kept: np.ndarray, labels: np.ndarray
) -> float:
    """Returns by how many standard deviations pixels are less likely than a network expects.

    It expects of each pixel, given those before it, a negative log-likelihood as large as the
    entropy of its distribution. For images that the network draws itself the result has a mean of
    0 and a variance of 1: the differences are a martingale.

    Args:
        network: A network of this task.
        pixels: One image, float32 [height, width] from 0 to 1.
        levels: The same as int [height, width].
        kept: bool [height, width], the pixels that are looked at.
        labels: int32 [n], classes; that counts which explains the pixels best.
    """
    logits = network.predict((np.broadcast_to(pixels, (len(labels), *pixels.shape)), labels))
    logs = log_softmax(logits[:, kept].astype(np.float64))
    of_levels = np.take_along_axis(logs, levels[None, kept, None], axis=-1)[..., 0]
    mean, square = ((np.exp(logs) * logs**power).sum(axis=-1) for power in (1, 2))
    deviation = np.sqrt((square - mean**2).sum(axis=1))
    return float(((mean - of_levels).sum(axis=1) / (deviation + 1e-9)).min())


def drawn(network: Any, prepared: Prepared, count: int) -> np.ndarray:
    """Draws images, whose classes are drawn by their shares; returns levels [n, height, width]."""
    shares = np.array(prepared.preprocessor["shares"], float)
    generator = np.random.default_rng(SEED)
    labels = generator.choice(len(shares), count, p=shares / shares.sum()).astype(np.int32)
    return draw(network, labels, seed=SEED)


def judged(images: np.ndarray, prepared: Prepared) -> dict[str, Scores]:
    """Scores drawn images: `legible`, `balance` and `nearest`.

    Args:
        images: Levels, int [n, height, width].
        prepared: The data of the run, from which classifier and neighbours come. Of images of a
            single class there is nothing to classify.
    """
    train: Any = prepared.train
    scores = {}
    if len(np.unique(train.labels)) > 1:
        probabilities = classified(images, prepared)[:, :-1]
        classes = np.eye(probabilities.shape[1])[probabilities.argmax(axis=1)]
        shares = np.bincount(train.labels, minlength=probabilities.shape[1]) / len(train)
        scores["legible"] = Scores((probabilities.max(axis=1) >= CONFIDENT).astype(float))
        scores["balance"] = Scores.of_sums(lambda counts: _overlap(counts, shares), classes)
    return {**scores, "nearest": Scores(nearest(images, train)[1])}


def remarks(prepared: Prepared, count: int) -> list[str]:
    """Says what test images score, beside which the scores of drawn ones are to be read."""
    test: Any = prepared.test
    chosen = np.linspace(0, len(test) - 1, min(count, len(test))).astype(np.int64)
    scores = {
        name: values.values.mean()
        for name, values in judged(test.quantised(chosen), prepared).items()
    }
    said = f"{scores['nearest']:.1f} is their distance from the nearest training image"
    if "legible" in scores:
        accuracy = judge(prepared).metrics["accuracy"]
        said = (
            f"{scores['legible']:.1%} are legible, their balance is {scores['balance']:.3f}, {said}"
            f". The classifier names {accuracy:.1%} of the test images rightly"
        )
    return [f"Of {len(chosen)} test images in the same levels of grey, {said}."]


def _overlap(counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Returns 1 minus the total variation distance of counts [..., k] from shares [k]."""
    return 1 - np.abs(counts / counts.sum(axis=-1, keepdims=True) - shares).sum(axis=-1) / 2


def classified(images: np.ndarray, prepared: Prepared) -> np.ndarray:
    """Returns the probabilities of classes that the classifier gives images.

    They are [n, classes + 1]; the last is that an image shows nothing.
    """
    pixels = images[..., None] / np.float32(prepared.spec["levels"] - 1)
    logits = judge(prepared).numpy_network.predict(pixels)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def judge(prepared: Prepared) -> Run:
    """Returns the run of the classifier, trained once on the same images in the same levels.

    A classifier that has seen nothing but digits takes noise for one with confidence. So there is
    a class more in its training, of collages (outlier exposure: Hendrycks et al., 2019).
    """
    names = prepared.preprocessor["classes"]

    def images(part: Any, collages: int = 0) -> Images:
        levels = part.quantised(np.arange(len(part)))
        levels = np.concatenate([levels, collage(levels, collages)])
        labels = np.append(part.labels, np.full(collages, len(names)))
        return Images(as_bytes(levels, part.levels)[..., None], labels, [*names, NOTHING])

    train, validation = (
        images(part, len(part) // len(names)) for part in (prepared.train, prepared.validation)
    )
    splits = Splits(train, validation, images(prepared.test))
    epochs = min(max(SEEN // len(train), 3), 30)
    return cached_run("images", "resnet-small", data=splits, epochs=epochs, **JUDGE)


def collage(images: np.ndarray, count: int) -> np.ndarray:
    """Makes images of which each square part comes from another one, from the same place.

    Args:
        images: [n, height, width].
        count: Number of collages. Their parts have sides of 1 pixel, which are noise, up to a
            quarter of the height.
    """
    generator = np.random.default_rng(SEED)
    height, width = images.shape[1:]
    y, x = np.mgrid[:height, :width]
    collages = np.empty((count, height, width), images.dtype)
    for number, side in enumerate(generator.integers(1, max(height // 4, 1) + 1, count)):
        sources = generator.integers(len(images), size=(height, width))
        collages[number] = images[sources[y // side, x // side], y, x]
    return collages


def nearest(images: np.ndarray, train: Any) -> tuple[np.ndarray, np.ndarray]:
    """Finds the training image with the least squared distance from each image.

    Args:
        images: Levels, int [n, height, width].
        train: The training images.

    Returns:
        Their indices and the distances, in pixels from 0 to 1: of black and white images, the
        number of pixels that differ.
    """
    rows = images.reshape(len(images), -1).astype(np.float32)
    found, least = np.zeros(len(rows), np.int64), np.full(len(rows), np.inf)
    for block in blocks(len(train), 1):
        known = train.quantised(block).reshape(len(block), -1).astype(np.float32)
        distances = (known**2).sum(axis=1) - 2 * rows @ known.T
        closest = distances.argmin(axis=1)
        distances = distances[np.arange(len(rows)), closest]
        found = np.where(distances < least, block[closest], found)
        least = np.minimum(distances, least)
    return found, (least + (rows**2).sum(axis=1)) / (train.levels - 1) ** 2


def blocks(count: int, size: int) -> list[np.ndarray]:
    """Cuts the indices of examples into blocks, so that arrays of `size` numbers each fit."""
    length = max(1, min(256, 2**22 // size))
    return [np.arange(start, min(start + length, count)) for start in range(0, count, length)]
