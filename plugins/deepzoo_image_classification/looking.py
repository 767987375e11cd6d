"""Using a run: what a photo shows, and what the network makes of it layer by layer."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import DataError, UsageError

from .photos import read_photos

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run


@dataclasses.dataclass(frozen=True)
class Maps:
    """What one layer makes of one picture.

    Args:
        label: `C1` for the first convolution, `S1` for the first pooling layer, and so on.
        layer: The layer's own name.
        values: float32 [height, width, maps].
    """

    label: str
    layer: str
    values: np.ndarray


@dataclasses.dataclass(frozen=True)
class Tested:
    """The test pictures of a run and what it says of them.

    Args:
        pixels: uint8 [N, height, width, channels].
        labels: int64 [N], the true classes.
        chances: float [N, classes], the probabilities the network gives.
        classes: The names of the classes.
    """

    pixels: np.ndarray
    labels: np.ndarray
    chances: np.ndarray
    classes: Sequence[str]

    @property
    def answers(self) -> np.ndarray:
        """The likeliest class of each picture."""
        return self.chances.argmax(axis=1)


def predict(run: Run, *images: Any, top: int = 3) -> Any:
    """Says what photos show.

    Args:
        run: A trained run.
        *images: Picture files; in Python also Pillow images and arrays.
        top: How many classes to list.

    Returns:
        `label`, its `probability`, and the `probabilities` of the likeliest classes; for
        several images a list.
    """
    if not images:
        raise UsageError("There is nothing to look at: expected at least one picture.")
    classes = classes_of(run)
    found = []
    for row in chances(run, pixels_of(run, images)):
        order = np.argsort(-row, kind="stable")[:top]
        listed = {classes[int(index)]: float(row[index]) for index in order}
        label = classes[int(order[0])]
        found.append({"label": label, "probability": listed[label], "probabilities": listed})
    return found[0] if len(images) == 1 else found


def feature_maps(run: Run, image: Any) -> Figure:
    """Draws what every convolution and pooling layer makes of a photo."""
    from .map_pictures import feature_maps as draw

    return draw(run, image)


def filters(run: Run) -> Figure:
    """Draws the filters of the first layer."""
    from .map_pictures import filters as draw

    return draw(run)


def classes_of(run: Run) -> list[str]:
    """Returns the names of the classes that a run tells apart."""
    return list(run.preprocessor["classes"])


def pixels_of(run: Run, images: Sequence[Any]) -> np.ndarray:
    """Reads photos as the network of a run is to see them, uint8 [n, height, width, channels].

    A run that learned from permuted pixels gets them permuted.
    """
    pixels = read_photos(images, run.preprocessor)
    arrange = getattr(run.recipe("kind"), "arrange", None)
    return pixels if arrange is None else arrange(pixels)


def chances(run: Run, pixels: np.ndarray) -> np.ndarray:
    """Returns the probability of each class for uint8 pictures, float [n, classes]."""
    from .scoring import probabilities

    return np.asarray(probabilities(run.net, pixels))


def tested(run: Run) -> Tested:
    """Shows a run the test pictures of the data it was trained on.

    Raises:
        DataError: There is no test split.
        UsageError: The data were given in Python and are gone.
    """
    test = test_split(run)
    return Tested(test.pixels, test.labels, chances(run, test.pixels), classes_of(run))


def test_split(run: Run) -> Any:
    """Returns the test pictures of the data that a run was trained on.

    Raises:
        DataError: There are none.
    """
    from deepzoo.job import Job

    test = Job.of_run(run).data.splits.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test pictures to show.")
    return test


def picture(run: Run, named: Any) -> np.ndarray:
    """Returns one picture as the network sees it: a photo, or a test picture by its number.

    Args:
        run: A trained run.
        named: A file; or a number from 0, or its digits where no file is called so.

    Returns:
        uint8 [height, width, channels].
    """
    number = str(named)
    if not isinstance(named, (int, str)) or not number.isdigit() or Path(number).exists():
        return pixels_of(run, [named])[0]
    test = test_split(run)
    if int(number) >= len(test):
        raise UsageError(
            f"There is no test picture {number}; {run.dataset} has {len(test):,}, counted from 0."
        )
    return test.pixels[int(number)]


def maps_of(run: Run, pixels: np.ndarray) -> list[Maps]:
    """Runs one picture through the network and keeps what each layer of maps gives.

    Args:
        run: A run of a convolutional network.
        pixels: uint8 [height, width, channels].

    Raises:
        UsageError: The network has neither convolutions nor pooling layers.
    """
    import keras

    layers = map_layers(run)
    outputs = [layer.output for _, layer in layers]
    inner = keras.Model(run.network.input, outputs)
    found = inner(pixels[None].astype("float32") / 255, training=False)
    found = found if isinstance(found, (list, tuple)) else [found]
    return [
        Maps(label, layer.name, np.asarray(keras.ops.convert_to_numpy(values), np.float32)[0])
        for (label, layer), values in zip(layers, found, strict=True)
    ]


def map_layers(run: Run) -> list[tuple[str, Any]]:
    """Lists the layers that give maps, convolutions as `C1`, `C2`, pooling as `S1`, `S2`.

    Raises:
        UsageError: There are none.
    """
    counts = {"C": itertools.count(1), "S": itertools.count(1)}
    found = []
    for layer in getattr(run.network, "layers", ()):
        name = type(layer).__name__
        kind = "C" if "Conv" in name else "S" if "Pool" in name else ""
        if kind and len(layer.output.shape) == 4:
            found.append((f"{kind}{next(counts[kind])}", layer))
    if not found:
        raise UsageError(
            f"{run.id} ({run.model}) has no convolutions and no pooling layers to look into.",
            "Train a network that has: --model cnn",
        )
    return found


def first_filters(run: Run) -> tuple[str, np.ndarray]:
    """Returns the name and the filters of the first layer with weights, as pictures.

    Returns:
        float32 [height, width, channels, filters]; a dense layer's weights are laid out as
        the pictures that its units look for.

    Raises:
        UsageError: The network has no such layer.
    """
    for layer in getattr(run.network, "layers", ()):
        if not hasattr(layer, "kernel"):
            continue
        import keras

        kernel = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float32)
        if kernel.ndim == 2:
            kernel = kernel.reshape(*run.preprocessor["shape"], -1)
        return layer.name, kernel
    raise UsageError(f"{run.id} ({run.model}) has no layer with weights to look at.")
