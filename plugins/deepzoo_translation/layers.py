"""The Keras layers of translation, named as in Vaswani et al. (2017), Attention Is All You Need."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops
_MASKED = -1e9  # score of a position that must not be attended to


class OneHot(keras.layers.Layer):
    """Encodes each token as a one-hot vector, and padding (token 0) as zeros.

    Args:
        vocabulary: Number of tokens.
    """

    def __init__(self, vocabulary: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary = vocabulary

    def call(self, inputs: Any) -> Any:
        """Returns [batch, time, vocabulary - 1]."""
        tokens = ops.cast(inputs, "int32") - 1
        return ops.one_hot(tokens, self.vocabulary - 1, dtype=self.compute_dtype)


class LabelSmoothing(keras.layers.Layer):
    """Adds the loss of label smoothing (Szegedy et al., 2016, section 7), in training only.

    Added to the cross-entropy of the true tokens, it gives the cross-entropy of smoothed
    targets, times a constant factor.

    Args:
        rate: Probability that is spread over all tokens, below 1.
    """

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(dtype="float32", **kwargs)
        self.rate = rate

    def call(self, inputs: Any, real: Any, training: bool | None = None) -> Any:
        """Returns the logits [..., vocabulary] unchanged; `real` [...] is false at padding."""
        if training and self.rate:
            uniform_loss = ops.logsumexp(inputs, axis=-1) - ops.mean(inputs, axis=-1)
            factor = self.rate / (1 - self.rate)
            self.add_loss(factor * ops.mean(uniform_loss * ops.cast(real, "float32")))
        return inputs


class PositionalEncoding(keras.layers.Layer):
    """Scales token vectors and adds sine and cosine waves of the position (section 3.5)."""

    def call(self, inputs: Any, positions: Any) -> Any:
        """Returns vectors [..., width] for tokens at int `positions` [...]."""
        width = inputs.shape[-1]
        rates = ops.exp(ops.arange(0, width, 2, dtype="float32") * (-9.21034 / width))
        angles = ops.cast(positions, "float32")[..., None] * rates
        waves = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)[..., :width]
        return inputs * width**0.5 + ops.cast(waves, inputs.dtype)


class MultiHeadAttention(keras.layers.Layer):
    """Scaled dot-product attention with several heads (section 3.2).

    Args:
        width: Size of the vectors; a multiple of `heads`.
        heads: Number of heads.
    """

    def __init__(self, width: int, heads: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width, self.heads = width, heads
        self.query, self.key, self.value, self.output_dense = (
            keras.layers.Dense(width, name=name) for name in ("query", "key", "value", "output")
        )

    def build(self, input_shape: Any = None) -> None:
        """Creates the four matrices."""
        for dense in (self.query, self.key, self.value, self.output_dense):
            dense.build((None, None, self.width))

    def call(self, inputs: Any, memory: Any, attention_mask: Any) -> Any:
        """Attends from `inputs` to `memory` where bool [batch, inputs, memory] is true."""
        return self.attend(inputs, *self.project_keys_values(memory), attention_mask)[0]

    def project_keys_values(self, memory: Any) -> tuple[Any, Any]:
        """Returns keys and values of `memory`, [batch, heads, time, width / heads] each."""
        return self._split_heads(self.key(memory)), self._split_heads(self.value(memory))

    def attend(self, inputs: Any, keys: Any, values: Any, attention_mask: Any) -> tuple[Any, Any]:
        """Returns the output, and the attention weights [batch, heads, inputs, memory]."""
        queries = self._split_heads(self.query(inputs))
        size = self.width // self.heads
        scores = ops.matmul(queries, ops.transpose(keys, (0, 1, 3, 2))) * size**-0.5
        scores = ops.where(attention_mask[:, None], ops.cast(scores, "float32"), _MASKED)
        weights = ops.softmax(scores, axis=-1)
        heads = ops.transpose(ops.matmul(ops.cast(weights, values.dtype), values), (0, 2, 1, 3))
        return self.output_dense(ops.reshape(heads, (*ops.shape(heads)[:2], self.width))), weights

    def _split_heads(self, x: Any) -> Any:
        shape = (*ops.shape(x)[:2], self.heads, self.width // self.heads)
        return ops.transpose(ops.reshape(x, shape), (0, 2, 1, 3))


class TransformerLayer(keras.layers.Layer):
    """Self-attention and feed-forward network, the sub-layers of encoder and decoder alike.

    Each sub-layer normalises its input first and is bypassed by a residual connection.

    Args:
        width: Size of the vectors.
        heads: Heads of the attention.
        hidden: Hidden units of the feed-forward network.
        dropout: Dropout rate after each sub-layer.
        seed: Seed of the dropout.
    """

    def __init__(
        self, width: int, heads: int, hidden: int, dropout: float, seed: int, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.width = width
        self.self_attention = MultiHeadAttention(width, heads, name="self_attention")
        self.intermediate_dense = keras.layers.Dense(hidden, activation="relu", name="intermediate")
        self.output_dense = keras.layers.Dense(width, name="output")
        self.norms = [keras.layers.LayerNormalization(name=f"norm{n}") for n in (1, 2)]
        self.dropout = keras.layers.Dropout(dropout, seed=seed, name="dropout")

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights of all sub-layers."""
        shape = (None, None, self.width)
        self.self_attention.build()
        self.intermediate_dense.build(shape)
        self.output_dense.build((None, None, self.intermediate_dense.units))
        for norm in self.norms:
            norm.build(shape)

    def attend_to_self(self, inputs: Any, self_mask: Any, training: bool | None) -> Any:
        """Applies the self-attention."""
        x = self.norms[0](inputs)
        return inputs + self.dropout(self.self_attention(x, x, self_mask), training=training)

    def feed_forward(self, inputs: Any, training: bool | None = None) -> Any:
        """Applies the feed-forward network."""
        x = self.output_dense(self.intermediate_dense(self.norms[1](inputs)))
        return inputs + self.dropout(x, training=training)


class EncoderLayer(TransformerLayer):
    """A layer of the encoder: self-attention, feed-forward network."""

    def call(self, inputs: Any, self_mask: Any, training: bool | None = None) -> Any:
        """Returns the vectors after this layer."""
        return self.feed_forward(self.attend_to_self(inputs, self_mask, training), training)


class DecoderLayer(TransformerLayer):
    """A layer of the decoder: masked self-attention, cross-attention, feed-forward network."""

    def __init__(self, width: int, heads: int, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(width, heads, *arguments, **kwargs)
        self.norms.append(keras.layers.LayerNormalization(name="norm3"))
        self.cross_attention = MultiHeadAttention(width, heads, name="cross_attention")

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights of all sub-layers."""
        super().build()
        self.cross_attention.build()

    def call(
        self,
        inputs: Any,
        self_mask: Any,
        memory: Any,
        cross_mask: Any,
        training: bool | None = None,
    ) -> Any:
        """Returns the vectors after this layer."""
        x = self.attend_to_self(inputs, self_mask, training)
        attended = self.cross_attention(self.norms[2](x), memory, cross_mask)
        return self.feed_forward(x + self.dropout(attended, training=training), training)

    def step(
        self, x: Any, position: Any, cache: Any, memory: Any, cross_mask: Any
    ) -> tuple[Any, Any, Any]:
        """Advances by one token.

        Args:
            x: Vectors of the token, [batch, 1, width].
            position: Its position, an int.
            cache: Keys and values of the tokens so far, [batch, heads, longest, size] each.
            memory: Keys and values of the source.
            cross_mask: Which source tokens are not padding, bool [batch, 1, time].

        Returns:
            The vectors after this layer, the new cache, and the attention weights of the
            source tokens, [batch, heads, 1, time].
        """
        normalised = self.norms[0](x)
        new = self.self_attention.project_keys_values(normalised)
        keys, values = (
            ops.slice_update(cached, (0, 0, position, 0), part)
            for cached, part in zip(cache, new, strict=True)
        )
        causal_mask = (ops.arange(keys.shape[2]) <= position)[None, None]
        x = x + self.self_attention.attend(normalised, keys, values, causal_mask)[0]
        source_keys, source_values = memory
        attended, weights = self.cross_attention.attend(
            self.norms[2](x), source_keys, source_values, cross_mask
        )
        return self.feed_forward(x + attended), [keys, values], weights
