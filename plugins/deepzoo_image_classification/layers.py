"""The Keras layer of image classification: training pictures that are moved and mirrored."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops


class Augment(keras.layers.Layer):
    """Shifts, mirrors and partly greys out each picture at random, in training alone.

    What a shift moves in is the picture's own border, reflected.

    Args:
        shift: Pixels up, down, left and right at most.
        mirror: Whether every second picture is mirrored, left to right.
        erase: Side of the square that is greyed out; 0 is none.
        seed: Of the random numbers, whose state is a variable that checkpoints keep.
        **kwargs: As for every layer.
    """

    def __init__(
        self, shift: int, mirror: bool, erase: int = 0, seed: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.shift, self.mirror, self.erase = shift, mirror, erase
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape: Any) -> None:
        """Notes the size of the pictures."""
        self.height, self.width, self.channels = map(int, input_shape[1:])

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Returns the pictures, changed if in training."""
        if not training:
            return inputs
        count = ops.shape(inputs)[0]
        rows = _reflect(self._moved(count, self.height), self.height)
        columns = _reflect(self._moved(count, self.width), self.width)
        if self.mirror:
            coin = keras.random.randint((count, 1), 0, 2, seed=self.generator)
            columns = ops.where(coin == 1, self.width - 1 - columns, columns)
        # One look-up of whole pixels in all pictures at once is the fastest way on a CPU.
        places = rows[:, :, None] * self.width + columns[:, None, :]
        places = places + ops.arange(count)[:, None, None] * (self.height * self.width)
        pixels = ops.reshape(inputs, (-1, self.channels))
        outputs = ops.reshape(
            ops.take(pixels, ops.reshape(places, (-1,)), axis=0),
            (-1, self.height, self.width, self.channels),
        )
        return self._erased(outputs, count) if self.erase else outputs

    def _moved(self, count: Any, size: int) -> Any:
        """Returns for each picture which row (or column) each of its rows comes from."""
        places = ops.arange(size)[None, :]
        shift = min(self.shift, size - 1)
        if not shift:
            return ops.broadcast_to(places, (count, size))
        return places + keras.random.randint(
            (count, 1), -shift, shift + 1, seed=self.generator, dtype="int32"
        )

    def _erased(self, pictures: Any, count: Any) -> Any:
        inside = []
        for size in (self.height, self.width):
            corner = keras.random.randint(
                (count, 1), 1 - self.erase, size, seed=self.generator, dtype="int32"
            )
            distance = ops.arange(size)[None, :] - corner
            inside.append(ops.logical_and(distance >= 0, distance < self.erase))
        square = ops.logical_and(inside[0][:, :, None], inside[1][:, None, :])[..., None]
        grey = ops.mean(pictures, axis=(1, 2, 3), keepdims=True)
        return ops.where(square, grey, pictures)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the inputs: it stays."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer was made with."""
        own = {"shift": self.shift, "mirror": self.mirror, "erase": self.erase, "seed": self.seed}
        return {**super().get_config(), **own}


def _reflect(places: Any, size: int) -> Any:
    """Folds places outside a picture back into it."""
    return (size - 1) - ops.abs((size - 1) - ops.abs(places))
