"""The Keras layer of image classification: training images that are shifted and mirrored."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops


class Augment(keras.layers.Layer):
    """Shifts, mirrors and partly greys out each image at random, in training alone.

    Pixels that a shift leaves empty are filled by reflection at the border.

    Args:
        shift: Pixels up, down, left and right at most.
        mirror: Whether each image is mirrored left to right with a probability of 1/2.
        erase: Side of the square that is greyed out; 0 is none.
        seed: Seed of the random numbers, whose state is a variable that checkpoints keep.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(
        self, shift: int, mirror: bool, erase: int = 0, seed: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.shift, self.mirror, self.erase = shift, mirror, erase
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape: Any) -> None:
        """Stores the size of the images."""
        self.height, self.width, self.channels = map(int, input_shape[1:])

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Returns the images, augmented if in training."""
        if not training:
            return inputs
        count = ops.shape(inputs)[0]
        rows = self._sources(count, self.height)
        columns = self._sources(count, self.width)
        if self.mirror:
            coin = keras.random.randint((count, 1), 0, 2, seed=self.generator)
            columns = ops.where(coin == 1, self.width - 1 - columns, columns)
        # One look-up of whole pixels in all images at once is the fastest way on a CPU.
        indices = rows[:, :, None] * self.width + columns[:, None, :]
        indices = indices + ops.arange(count)[:, None, None] * (self.height * self.width)
        pixels = ops.reshape(inputs, (-1, self.channels))
        outputs = ops.reshape(
            ops.take(pixels, ops.reshape(indices, (-1,)), axis=0),
            (-1, self.height, self.width, self.channels),
        )
        return self._erased(outputs, count) if self.erase else outputs

    def _sources(self, count: Any, size: int) -> Any:
        """Returns for each image which row (or column) each shifted row (or column) comes from."""
        indices = ops.arange(size)[None, :]
        shift = min(self.shift, size - 1)
        if not shift:
            return ops.broadcast_to(indices, (count, size))
        shifted = indices + keras.random.randint(
            (count, 1), -shift, shift + 1, seed=self.generator, dtype="int32"
        )
        return (size - 1) - ops.abs((size - 1) - ops.abs(shifted))  # reflected at both ends

    def _erased(self, images: Any, count: Any) -> Any:
        inside = []
        for size in (self.height, self.width):
            corner = keras.random.randint(
                (count, 1), 1 - self.erase, size, seed=self.generator, dtype="int32"
            )
            distance = ops.arange(size)[None, :] - corner
            inside.append(ops.logical_and(distance >= 0, distance < self.erase))
        square = ops.logical_and(inside[0][:, :, None], inside[1][:, None, :])[..., None]
        grey = ops.mean(images, axis=(1, 2, 3), keepdims=True)
        return ops.where(square, grey, images)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the inputs: it stays."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer was made with."""
        own = {"shift": self.shift, "mirror": self.mirror, "erase": self.erase, "seed": self.seed}
        return {**super().get_config(), **own}
