"""The Keras layer of image classification: training images that are changed at random."""

from __future__ import annotations

import math
from typing import Any

import keras

ops: Any = keras.ops


class Augment(keras.layers.Layer):
    """Changes each image at random, in training alone.

    Images are turned, slanted and scaled, their strokes thickened or thinned, then the whole
    is shifted, mirrored and partly greyed out. Pixels that a shift leaves empty are filled by
    reflection at the border; otherwise the border goes on outside.

    Args:
        shift: Pixels up, down, left and right at most.
        mirror: Whether each image is mirrored left to right with a probability of 1/2.
        erase: Side of the square that is greyed out; 0 is none.
        rotate: Degrees to either side at most.
        shear: Of the top against the bottom at most, as a fraction of the height.
        scale: How much larger or smaller at most, of height and width each for itself.
        thicken: Pixels that are put on or taken off around what is bright, from 0 to 1.
        seed: Seed of the random numbers, whose state is a variable that checkpoints keep.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(
        self,
        shift: int,
        mirror: bool,
        erase: int = 0,
        seed: int = 0,
        *,
        rotate: float = 0.0,
        shear: float = 0.0,
        scale: float = 0.0,
        thicken: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.shift, self.mirror, self.erase = shift, mirror, erase
        self.rotate, self.shear, self.scale, self.thicken = rotate, shear, scale, thicken
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
        if self.rotate or self.shear or self.scale:
            inputs = self._warped(inputs, count)
        if self.thicken:
            inputs = self._thickened(inputs, count)
        rows = self._sources(count, self.height)
        columns = self._sources(count, self.width)
        if self.mirror:
            coin = keras.random.randint((count, 1), 0, 2, seed=self.generator)
            columns = ops.where(coin == 1, self.width - 1 - columns, columns)
        # One look-up of whole pixels in all images at once is the fastest way on a CPU.
        indices = rows[:, :, None] * self.width + columns[:, None, :]
        outputs = self._pixels(inputs, indices)
        return self._erased(outputs, count) if self.erase else outputs

    def _pixels(self, images: Any, indices: Any) -> Any:
        """Takes for each pixel [n, height, width] the one at this index of its own image."""
        count = ops.shape(images)[0]
        indices = indices + ops.arange(count)[:, None, None] * (self.height * self.width)
        pixels = ops.reshape(images, (-1, self.channels))
        return ops.reshape(
            ops.take(pixels, ops.reshape(indices, (-1,)), axis=0),
            (-1, self.height, self.width, self.channels),
        )

    def _warped(self, images: Any, count: Any) -> Any:
        """Turns, slants and scales by one affine map about the middle, read between pixels."""
        angle = self._random(count, math.radians(self.rotate))
        shear = self._random(count, self.shear)
        tall, wide = (ops.exp(self._random(count, math.log1p(self.scale))) for _ in range(2))
        y = (ops.arange(self.height, dtype="float32") - (self.height - 1) / 2)[None, :, None]
        x = (ops.arange(self.width, dtype="float32") - (self.width - 1) / 2)[None, None, :]
        cos, sin = ops.cos(angle), ops.sin(angle)
        rows = tall * (cos * y + sin * x) + (self.height - 1) / 2
        columns = wide * (cos * x - sin * y + shear * y) + (self.width - 1) / 2
        rows = ops.clip(rows, 0, self.height - 1)
        columns = ops.clip(columns, 0, self.width - 1)
        top, left = ops.floor(rows), ops.floor(columns)
        down, right = ops.cast(rows - top, images.dtype), ops.cast(columns - left, images.dtype)
        top, left = ops.cast(top, "int32"), ops.cast(left, "int32")
        bottom = ops.minimum(top + 1, self.height - 1) * self.width
        beside, top = ops.minimum(left + 1, self.width - 1), top * self.width
        down, right = down[..., None], right[..., None]
        upper = self._pixels(images, top + left) * (1 - right)
        upper += self._pixels(images, top + beside) * right
        lower = self._pixels(images, bottom + left) * (1 - right)
        lower += self._pixels(images, bottom + beside) * right
        return upper * (1 - down) + lower * down

    def _thickened(self, images: Any, count: Any) -> Any:
        """Mixes each image with the greatest or the least values around its pixels."""
        amount = ops.cast(self._random(count, self.thicken)[..., None], images.dtype)
        sign = ops.sign(amount)  # the least values are the greatest of the negative
        greatest = sign * ops.max_pool(sign * images, 3, strides=1, padding="same")
        return images + ops.abs(amount) * (greatest - images)

    def _random(self, count: Any, most: float) -> Any:
        """Draws a number from -`most` to `most` for each image, float32 [n, 1, 1]."""
        return keras.random.uniform((count, 1, 1), -most, most, "float32", self.generator)

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
        own = ("shift", "mirror", "erase", "seed", "rotate", "shear", "scale", "thicken")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}
