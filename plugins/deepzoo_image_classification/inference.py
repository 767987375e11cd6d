"""Using a run: what a photo shows, and what the network makes of it layer by layer."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import DataError, UsageError

from .inference import chances, classes_of, pixels_of

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


def feature_maps(run: Run, image: Any) -> Figure:
    """Draws what every convolution and pooling layer makes of a photo."""
    from .plots.feature_maps import feature_maps as draw

    return draw(run, image)


def filters(run: Run) -> Figure:
    """Draws the filters of the first layer."""
    from .plots.feature_maps import filters as draw

    return draw(run)


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
    test = run.workload().data.splits.test
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
    inner = keras.Model(run.keras_model.input, outputs)
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
    for layer in getattr(run.keras_model, "layers", ()):
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
    for layer in getattr(run.keras_model, "layers", ()):
        if not hasattr(layer, "kernel"):
            continue
        import keras

        kernel = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float32)
        if kernel.ndim == 2:
            kernel = kernel.reshape(*run.preprocessor["shape"], -1)
        return layer.name, kernel
    raise UsageError(f"{run.id} ({run.model}) has no layer with weights to look at.")
