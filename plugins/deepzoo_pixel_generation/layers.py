"""Keras layers of this task: a gate, the cell of a Row LSTM, and the losses of VAE and GAN."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops


class Gate(keras.layers.Layer):
    """`tanh(a) * sigmoid(b)` of the two halves of the channels (van den Oord et al., 2016b)."""

    def call(self, inputs: Any) -> Any:
        """Returns [n, height, width, channels / 2]."""
        signal, gate = ops.split(inputs, 2, axis=-1)
        return ops.tanh(signal) * ops.sigmoid(gate)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape with half the channels."""
        return (*input_shape[:-1], input_shape[-1] // 2)


class RowLSTMCell(keras.layers.Layer):
    """The cell of a Row LSTM: its steps are the rows of an image (van den Oord et al., 2016a).

    Equation 3: the state-to-state part is a convolution of width 3 along the row above. What its
    inputs add, the input-to-state part, is computed before, for all rows at once. `RNN` takes
    flat inputs and states, so that rows are put one pixel after the other.

    Args:
        width: Pixels in a row.
        units: Units of each pixel.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(self, width: int, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width, self.units = width, units
        self.output_size = width * units
        self.state_size = [self.output_size, self.output_size]

    def build(self, input_shape: Any) -> None:
        """Makes the kernel, whose gates have the order of Keras' LSTM."""
        self.kernel = self.add_weight(shape=(3, self.units, 4 * self.units), name="kernel")

    def call(self, inputs: Any, states: Any) -> Any:
        """Takes a row and the state after the row above; returns the hidden row and the state."""
        h, c = (ops.reshape(state, (-1, self.width, self.units)) for state in states)
        above = ops.conv(h, self.kernel, padding="same")
        i, f, new, o = ops.split(ops.reshape(inputs, ops.shape(above)) + above, 4, axis=-1)
        # Forget gates start open (Jozefowicz et al., 2015).
        c = ops.sigmoid(f + 1) * c + ops.sigmoid(i) * ops.tanh(new)
        h = ops.sigmoid(o) * ops.tanh(c)
        h, c = (ops.reshape(state, (-1, self.output_size)) for state in (h, c))
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        """Returns what the cell was made with."""
        return {**super().get_config(), "width": self.width, "units": self.units}


class DrawCode(keras.layers.Layer):
    """Draws codes from a normal distribution in training, and returns their means otherwise.

    The Kullback-Leibler divergence from the standard normal distribution is added to the loss
    (Kingma and Welling, 2014, appendix B), divided by the pixels as the cross-entropy is.

    Args:
        pixels: How many pixels an image has.
        seed: Seed of the random numbers, whose state is a variable that checkpoints keep.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(self, pixels: int, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pixels, self.seed = pixels, seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Returns codes [n, code] from their means and the logarithms of their variances."""
        mean, log_variance = inputs
        divergence = -0.5 * ops.sum(
            1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1
        )
        self.add_loss(ops.mean(divergence) / self.pixels)
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), seed=self.generator, dtype=mean.dtype)
        return mean + ops.exp(0.5 * log_variance) * noise

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the means."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer was made with."""
        return {**super().get_config(), "pixels": self.pixels, "seed": self.seed}


class Noise(keras.layers.Layer):
    """Draws a code from the standard normal distribution for each image, whatever it shows.

    Args:
        code: How many numbers a code has.
        seed: Seed of the random numbers, whose state is a variable that checkpoints keep. Only
            training changes it: otherwise all batches get the same codes.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(self, code: int, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.code, self.seed = code, seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, images: Any, training: bool | None = None) -> Any:
        """Returns codes [n, code]."""
        seed = self.generator if training else self.seed
        return keras.random.normal((ops.shape(images)[0], self.code), seed=seed)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the codes."""
        return input_shape[0], self.code

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer was made with."""
        return {**super().get_config(), "code": self.code, "seed": self.seed}


class Adversary(keras.layers.Layer):
    """Adds the losses of both players of a GAN, and returns the logits of drawn images unchanged.

    The discriminator tells images from drawn ones; the generator has its logits for drawn images
    raised (Goodfellow et al., 2014, section 3: the loss that does not saturate). No loss has a
    gradient for the weights of the other player, so that one optimizer trains both. The value is
    that of the discriminator; it is `2 log 2` where drawn images look real to it.

    Args:
        units: Units of the two hidden layers of the discriminator.
        seed: Seed of the sampled levels, whose state is a variable that checkpoints keep.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(self, units: int, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.seed = units, seed
        self.generator = keras.random.SeedGenerator(seed)
        stack: list[Any] = [keras.layers.Flatten()]
        for number in (1, 2):
            stack += [keras.layers.Dense(units), keras.layers.LeakyReLU(0.2)]
            stack += [keras.layers.Dropout(0.3, seed=seed + number)]
        self.discriminator = keras.Sequential([*stack, keras.layers.Dense(1, dtype="float32")])

    def build(self, input_shape: Any) -> None:
        """Makes the weights of the discriminator."""
        self.discriminator.build(input_shape[0])

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Takes images [n, height, width] and the logits of drawn ones [n, ..., levels]."""
        images, logits = inputs
        drawn, judge = self.sample(logits, training), self.discriminator
        # The generator's loss goes through the discriminator, and leaves it as it is.
        frozen = [ops.stop_gradient(weight.value) for weight in judge.trainable_variables]
        others = [weight.value for weight in judge.non_trainable_variables]
        passed, *_ = judge.stateless_call(frozen, others, drawn, training=training)
        caught = judge(ops.stop_gradient(drawn), training=training)
        known = judge(images, training=training)
        self.add_loss(ops.mean(ops.softplus(-known) + ops.softplus(caught)))
        # Its loss counts with its gradient alone: what is shown is that of the discriminator.
        loss = ops.mean(ops.softplus(-passed))
        self.add_loss(loss - ops.stop_gradient(loss))
        return logits

    def sample(self, logits: Any, training: bool | None) -> Any:
        """Samples pixels from 0 to 1, with the gradient of their means (Bengio et al., 2013).

        Of greys between the levels the discriminator would see at once that they are not real.
        """
        chances, most = ops.softmax(logits), logits.shape[-1] - 1
        means = ops.sum(chances * ops.arange(most + 1, dtype=chances.dtype), axis=-1) / most
        seed = self.generator if training else self.seed
        point = keras.random.uniform(ops.shape(means), seed=seed, dtype=means.dtype)
        below = ops.cumsum(chances, axis=-1)[..., :-1] < point[..., None]
        levels = ops.sum(ops.cast(below, means.dtype), axis=-1)
        return means + ops.stop_gradient(levels / most - means)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the logits."""
        return input_shape[1]

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer was made with."""
        return {**super().get_config(), "units": self.units, "seed": self.seed}


class AddedLosses(keras.Model):
    """A model whose loss is what its layers add, and nothing else."""

    def compute_loss(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the sum."""
        return sum(self.losses)
