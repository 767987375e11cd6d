"""The Keras layers of translation: token vectors, attention, and blocks that read and write."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops
_HIDDEN = -1e9  # score of what must not be looked at


class OneHot(keras.layers.Layer):
    """Turns each token into a vector with a single one, and padding (token 0) into zeros.

    Args:
        vocabulary: Number of tokens.
        **kwargs: As for every layer.
    """

    def __init__(self, vocabulary: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary = vocabulary

    def call(self, inputs: Any) -> Any:
        """Returns [batch, time, vocabulary - 1]."""
        tokens = ops.cast(inputs, "int32") - 1
        return ops.one_hot(tokens, self.vocabulary - 1, dtype=self.compute_dtype)


class Smoothed(keras.layers.Layer):
    """Lets a network learn as if a share of each target were spread over all tokens.

    Label smoothing (Szegedy et al., 2016, section 7) as a loss of its own, in training alone:
    beside the cross-entropy of the true tokens it is that of smoothed targets, times a factor.

    Args:
        share: What is spread over all tokens, below 1.
        **kwargs: As for every layer.
    """

    def __init__(self, share: float, **kwargs: Any) -> None:
        super().__init__(dtype="float32", **kwargs)
        self.share = share

    def call(self, inputs: Any, counted: Any, training: bool | None = None) -> Any:
        """Returns the logits [..., vocabulary] as they are; `counted` [...] is false at padding."""
        if training and self.share:
            surprise = ops.logsumexp(inputs, axis=-1) - ops.mean(inputs, axis=-1)
            factor = self.share / (1 - self.share)
            self.add_loss(factor * ops.mean(surprise * ops.cast(counted, "float32")))
        return inputs


class Placed(keras.layers.Layer):
    """Scales token vectors and adds waves that tell places apart (Vaswani et al., section 3.5)."""

    def call(self, inputs: Any, places: Any) -> Any:
        """Returns vectors [..., width] for tokens at int `places` [...]."""
        width = inputs.shape[-1]
        rates = ops.exp(ops.arange(0, width, 2, dtype="float32") * (-9.21034 / width))
        angles = ops.cast(places, "float32")[..., None] * rates
        waves = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)[..., :width]
        return inputs * width**0.5 + ops.cast(waves, inputs.dtype)


class Attention(keras.layers.Layer):
    """Scaled dot-product attention with several heads (Vaswani et al., 2017, section 3.2).

    Args:
        width: Size of the vectors, which the heads divide.
        heads: Number of heads.
        **kwargs: As for every layer.
    """

    def __init__(self, width: int, heads: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width, self.heads = width, heads
        names = ("query", "key", "value", "output")
        self.query, self.key, self.value, self.result = (
            keras.layers.Dense(width, name=name) for name in names
        )

    def build(self, input_shape: Any = None) -> None:
        """Makes the four matrices."""
        for dense in (self.query, self.key, self.value, self.result):
            dense.build((None, None, self.width))

    def call(self, inputs: Any, memory: Any, visible: Any) -> Any:
        """Looks from `inputs` at `memory`, where bool `visible` [batch, inputs, memory] allows."""
        keys, values = self.remember(memory)
        return self.look(inputs, keys, values, visible)[0]

    def remember(self, memory: Any) -> tuple[Any, Any]:
        """Returns keys and values of `memory`, [batch, heads, time, width / heads] each."""
        return self._split(self.key(memory)), self._split(self.value(memory))

    def look(self, inputs: Any, keys: Any, values: Any, visible: Any) -> tuple[Any, Any]:
        """Returns what is seen, and how much of each place, [batch, heads, inputs, memory]."""
        size = self.width // self.heads
        queries = self._split(self.query(inputs))
        scores = ops.matmul(queries, ops.transpose(keys, (0, 1, 3, 2))) * size**-0.5
        scores = ops.where(visible[:, None], ops.cast(scores, "float32"), _HIDDEN)
        shares = ops.softmax(scores, axis=-1)
        found = ops.transpose(ops.matmul(ops.cast(shares, values.dtype), values), (0, 2, 1, 3))
        return self.result(ops.reshape(found, (*ops.shape(found)[:2], self.width))), shares

    def _split(self, x: Any) -> Any:
        shape = (*ops.shape(x)[:2], self.heads, self.width // self.heads)
        return ops.transpose(ops.reshape(x, shape), (0, 2, 1, 3))


class Block(keras.layers.Layer):
    """What blocks that read and blocks that write share, normalised before each part.

    Args:
        width: Size of the vectors.
        heads: Heads of the attention.
        hidden: Units of the dense layer.
        dropout: Share dropped after each part.
        seed: Of the dropout.
        **kwargs: As for every layer.
    """

    def __init__(
        self, width: int, heads: int, hidden: int, dropout: float, seed: int, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.width = width
        self.itself = Attention(width, heads, name="itself")
        self.wide = keras.layers.Dense(hidden, activation="relu", name="wide")
        self.narrow = keras.layers.Dense(width, name="narrow")
        self.norms = [keras.layers.LayerNormalization(name=f"norm{n}") for n in (1, 2)]
        self.drop = keras.layers.Dropout(dropout, seed=seed, name="drop")

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights of all parts."""
        shape = (None, None, self.width)
        self.itself.build()
        self.wide.build(shape)
        self.narrow.build((None, None, self.wide.units))
        for norm in self.norms:
            norm.build(shape)

    def look(self, inputs: Any, visible: Any, training: bool | None) -> Any:
        """Looks at the own sentence."""
        x = self.norms[0](inputs)
        return inputs + self.drop(self.itself(x, x, visible), training=training)

    def think(self, x: Any, training: bool | None = None) -> Any:
        """Applies the dense layer."""
        return x + self.drop(self.narrow(self.wide(self.norms[1](x))), training=training)


class Reader(Block):
    """A block of the encoder: attention to the own sentence, then a dense layer."""

    def call(self, inputs: Any, visible: Any, training: bool | None = None) -> Any:
        """Returns the vectors after this block."""
        return self.think(self.look(inputs, visible, training), training)


class Writer(Block):
    """A block of the decoder: attention to what is written, to the source, a dense layer."""

    def __init__(self, width: int, heads: int, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(width, heads, *arguments, **kwargs)
        self.norms.append(keras.layers.LayerNormalization(name="norm3"))
        self.source = Attention(width, heads, name="source")

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights of all parts."""
        super().build()
        self.source.build()

    def call(
        self,
        inputs: Any,
        visible: Any,
        memory: Any,
        memory_visible: Any,
        training: bool | None = None,
    ) -> Any:
        """Returns the vectors after this block."""
        x = self.look(inputs, visible, training)
        found = self.source(self.norms[2](x), memory, memory_visible)
        return self.think(x + self.drop(found, training=training), training)

    def step(
        self, x: Any, place: Any, cache: Any, source: Any, memory_visible: Any
    ) -> tuple[Any, Any, Any]:
        """Advances by one token.

        Args:
            x: Vectors of the token, [batch, 1, width].
            place: Its place, an int.
            cache: Keys and values of what is written, [batch, heads, longest, size] each.
            source: Keys and values of the source.
            memory_visible: Which tokens of the source there are, bool [batch, 1, time].

        Returns:
            The vectors after this block, the new cache, and how much of each token of the
            source every head looked at, [batch, heads, 1, time].
        """
        normed = self.norms[0](x)
        keys, values = (
            ops.slice_update(old, (0, 0, place, 0), new)
            for old, new in zip(cache, self.itself.remember(normed), strict=True)
        )
        visible = (ops.arange(keys.shape[2]) <= place)[None, None]
        x = x + self.itself.look(normed, keys, values, visible)[0]
        keys_read, values_read = source
        found, shares = self.source.look(self.norms[2](x), keys_read, values_read, memory_visible)
        return self.think(x + found), [keys, values], shares
