"""Using a run: the classes of photos, and what the network computes layer by layer."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import logging
import numbers
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deepzoo.errors import DataError, UsageError

from .files.adapt import plain
from .files.photos import read_photo
from .linear import scaled
from .scoring import of_bytes

if TYPE_CHECKING:
    from deepzoo import Images, Run

logger = logging.getLogger("deepzoo")


class FeatureMaps(NamedTuple):
    """What the layer called `layer` computes from one image, float32 [height, width, maps]."""

    label: str
    layer: str
    values: np.ndarray


@dataclasses.dataclass
class Predictions:
    """The test images of a run and what it predicts for them.

    Args:
        pixels: uint8 [N, height, width, channels].
        labels: int64 [N], the true classes.
        probabilities: float [N, classes].
        classes: The names of the classes.
    """

    pixels: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray
    classes: Sequence[str]

    @property
    def predicted(self) -> np.ndarray:
        """The most probable class of each image."""
        return self.probabilities.argmax(axis=1)

    @functools.cached_property
    def confusion(self) -> np.ndarray:
        """How often each class (rows) was taken for each (columns)."""
        size = len(self.classes)
        pairs = self.labels * size + self.predicted
        return np.bincount(pairs, minlength=size**2).reshape(size, size)


def predict(run: Run, images: Sequence[Any], top: int) -> list[dict[str, Any]]:
    """Classifies photos; see `ImageClassification.predict`.

    A blank image gets a warning and None as its label, unless the run was trained on blank
    images, too. Several drawings get a warning.
    """
    classes = run.preprocessor["classes"]
    photos = [read_photo(image, run.preprocessor) for image in images]
    read = np.stack([pixels for pixels, _ in photos])
    blank = plain(read) & (not run.preprocessor.get("plain", False))
    answers = []
    network = run.network_for(len(read))
    for number, row in enumerate(of_bytes(network, run.recipe("kind").arrange(read))):
        named = images[number] if isinstance(images[number], (str, Path)) else number + 1
        if blank[number]:
            logger.warning(
                f"Image {named} is blank: nothing on it stands out, so it gets no label."
            )
            answers.append({"label": None, "probability": None, "probabilities": {}})
            continue
        if photos[number][1]:
            logger.warning(
                f"Image {named} shows several drawings, but gets one label: make an image of each."
            )
        order = np.argsort(-row, kind="stable")[:top]
        listed = {classes[int(index)]: float(row[index]) for index in order}
        label = classes[int(order[0])]
        answers.append({"label": label, "probability": listed[label], "probabilities": listed})
    return answers


def image_of(run: Run, named: Any) -> np.ndarray:
    """Returns one image as the network sees it, float32 [height, width, channels] from 0 to 1.

    It is a file, or the number of a test image, also as text unless a file has that name.
    """
    number = str(named)
    typed = isinstance(named, (str, Path)) and number.isdigit() and not Path(number).exists()
    if not typed and not isinstance(named, numbers.Integral):
        return run.prepare_inputs([named])[0]
    test = test_split(run)
    if not 0 <= int(number) < len(test):
        raise UsageError(
            f"There is no test image {number}; {run.dataset} has {len(test):,}, counted from 0."
        )
    return scaled(test.pixels[int(number)])


def test_split(run: Run) -> Images:
    """Returns the test images of the data that a run was trained on.

    Raises:
        DataError: There are none.
        UsageError: The data were given in Python and are no longer available.
    """
    test = run.workload().data.splits.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test images.")
    return test


def predict_test_split(run: Run) -> Predictions:
    """Classifies the test images of the data that a run was trained on."""
    test = test_split(run)
    predicted = of_bytes(run.network_for(len(test)), test.pixels)
    return Predictions(test.pixels, test.labels, predicted, run.preprocessor["classes"])


def feature_maps(run: Run, image: np.ndarray) -> list[FeatureMaps]:
    """Runs one image through the network and keeps the outputs of convolutions and pooling layers.

    Convolutions are labelled `C1`, `C2`, ..., pooling layers `S1`, `S2`, ...

    Raises:
        UsageError: The network has neither convolutions nor pooling layers.
    """
    counts = {"C": itertools.count(1), "S": itertools.count(1)}
    labels, outputs = [], {}
    for layer in getattr(run.keras_model, "layers", ()):
        name = type(layer).__name__
        kind = "C" if "Conv" in name else "S" if "Pool" in name else ""
        if kind and len(layer.output.shape) == 4:
            labels.append(f"{kind}{next(counts[kind])}")
            outputs[layer.name] = layer.output
    if not outputs:
        raise UsageError(
            f"{run.id} ({run.model}) has no feature maps: no convolutions, no pooling layers.",
            "Train a network that has some: --model cnn",
        )
    import keras

    inner = keras.Model(run.keras_model.input, outputs)
    maps = inner(image[None], training=False)
    return [
        FeatureMaps(label, name, np.asarray(keras.ops.convert_to_numpy(maps[name]), np.float32)[0])
        for label, name in zip(labels, outputs, strict=True)
    ]


def first_filters(run: Run) -> tuple[str, np.ndarray]:
    """Returns the name and the filters of the first layer with weights.

    Returns:
        float32 [height, width, channels, filters]; the weights of a dense layer are reshaped
        to images, one for each unit.

    Raises:
        UsageError: The network has no such layer.
    """
    for layer in getattr(run.keras_model, "layers", ()):
        if not hasattr(layer, "kernel"):
            continue
        import keras

        kernel = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float32)
        if kernel.ndim == 2:
            kernel = kernel.reshape(*run.preprocessor["shape"], -1)
        return layer.name, kernel
    raise UsageError(f"{run.id} ({run.model}) has no layer with weights to draw.")
