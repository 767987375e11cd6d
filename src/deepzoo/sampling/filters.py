"""What the compiled loop is made of: a network's step and the filters, in Keras operations."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from .sampler import Sampling


@dataclasses.dataclass(frozen=True)
class Filters:
    """Which filters a compiled loop contains; how strong they are is told when it runs."""

    top_k: bool
    top_p: bool
    penalty: bool

    @classmethod
    def of(cls, sampling: Sampling) -> Filters:
        """Finds the filters that `sampling` uses."""
        return cls(sampling.top_k > 0, sampling.top_p < 1, sampling.repetition_penalty != 1)


def strengths(sampling: Sampling, vocabulary: int) -> dict[str, Any]:
    """Returns the numbers of `sampling` as arrays that a compiled function takes."""
    return {
        "temperature": np.float32(sampling.temperature),
        "top_k": np.int32(min(sampling.top_k, vocabulary)),
        "top_p": np.float32(sampling.top_p),
        "repetition_penalty": np.float32(sampling.repetition_penalty),
    }


def filter_ops(logits: Any, filters: Filters, strength: dict[str, Any], counts: Any) -> Any:
    """Applies what `deepzoo.sampling.filter_logits` applies, in the same order."""
    import keras

    ops: Any = keras.ops
    logits = logits - ops.max(logits, axis=-1, keepdims=True)
    if filters.penalty:
        logits = logits - ops.logsumexp(logits, axis=-1, keepdims=True)
        logits = ops.where(counts > 0, logits * strength["repetition_penalty"], logits)
        logits = logits - ops.max(logits, axis=-1, keepdims=True)
    logits = logits / strength["temperature"]
    if not (filters.top_k or filters.top_p):
        return logits
    lowest = ops.full_like(logits[:, :1], -np.inf)
    descending = ops.flip(ops.sort(logits, axis=-1), axis=-1)
    if filters.top_k:
        lowest = ops.take(descending, strength["top_k"] - 1, axis=-1)[:, None]
        descending = ops.where(descending < lowest, -np.inf, descending)
    if filters.top_p:
        probabilities = ops.softmax(descending, axis=-1)
        before = ops.cumsum(probabilities, axis=-1) - probabilities
        inside = ops.cast(before < strength["top_p"], "int32")
        last = ops.maximum(ops.sum(inside, axis=-1, keepdims=True), 1) - 1
        lowest = ops.take_along_axis(descending, last, axis=-1)
    return ops.where(logits < lowest, -np.inf, logits)
