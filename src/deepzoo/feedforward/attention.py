"""Attention over a sequence, as in Vaswani and others, Attention Is All You Need (2017)."""

from __future__ import annotations

import numpy as np

from .dense import Dense

_MASKED = np.float32(-1e9)  # score of a position that must not be attended to


class MultiHeadAttention:
    """Scaled dot-product attention with several heads (section 3.2).

    Args:
        heads: Number of heads, which divides the size of the queries.
        query: Projects the inputs to queries, for all heads side by side.
        key: Projects the memory to keys.
        value: Projects the memory to values.
        output: Projects the heads, side by side, to the output.
    """

    def __init__(self, heads: int, query: Dense, key: Dense, value: Dense, output: Dense) -> None:
        self.heads, self.query, self.key, self.value, self.output = heads, query, key, value, output

    def __call__(self, x: np.ndarray, memory: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Attends from `x` [n, inputs, features] to `memory` [n, time, features]."""
        return self.attend(x, *self.project_keys_values(memory), mask)[0]

    def project_keys_values(self, memory: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns keys and values of `memory`, [n, heads, time, features / heads] each."""
        return self._split_heads(self.key(memory)), self._split_heads(self.value(memory))

    def attend(
        self, x: np.ndarray, keys: np.ndarray, values: np.ndarray, mask: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Computes `softmax(Q K^T / sqrt(d)) V` (equation 1) for each head.

        Args:
            x: Inputs [n, inputs, features].
            keys: From `project_keys_values`.
            values: From `project_keys_values`.
            mask: Which positions may be attended to, bool [n, inputs, time] or alike.

        Returns:
            The output [n, inputs, features], and the attention weights [n, heads, inputs, time].
        """
        queries = self._split_heads(self.query(x))
        scores = queries @ keys.swapaxes(2, 3) * np.float32(queries.shape[-1] ** -0.5)
        scores = np.where(mask[:, None], scores, _MASKED)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        heads = (weights @ values).swapaxes(1, 2)
        return self.output(heads.reshape(*heads.shape[:2], -1)), weights

    def _split_heads(self, x: np.ndarray) -> np.ndarray:
        return x.reshape(*x.shape[:2], self.heads, -1).swapaxes(1, 2)


def positional_encoding(positions: np.ndarray, features: int) -> np.ndarray:
    """Returns sine and cosine waves of positions, float32 [..., features] (section 3.5).

    The sines come first, then the cosines, rather than in turn.

    Args:
        positions: Whole numbers [...].
        features: Size of the vectors that the waves are added to.
    """
    rates = np.exp(np.arange(0, features, 2) * (-np.log(10_000) / features))
    angles = np.asarray(positions, np.float32)[..., None] * rates.astype(np.float32)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)[..., :features]
