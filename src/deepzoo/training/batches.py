"""The order of examples: a pure function of (seed, epoch), so that a run can resume."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..interfaces.task import Arrays


@dataclasses.dataclass(frozen=True)
class BatchOrder:
    """Says which examples make up each training batch of each epoch.

    Args:
        examples: Number of training examples.
        batch_size: Examples per batch; a last partial batch is dropped.
        order: `shuffled` draws a new permutation for each epoch; in `streams` row i of a
            batch continues row i of the batch before, as truncated back-propagation needs.
        seed: The run's seed.
    """

    examples: int
    batch_size: int
    order: str
    seed: int

    @property
    def steps(self) -> int:
        """Number of batches in an epoch."""
        return self.examples // self.batch_size

    def epoch(self, epoch: int) -> np.ndarray:
        """Returns the example indices of a whole epoch, int64 [steps, batch_size]."""
        used = self.steps * self.batch_size
        if self.order == "streams":
            return np.arange(used).reshape(self.batch_size, self.steps).T
        order = self._generator(epoch).permutation(self.examples)
        return order[:used].reshape(self.steps, self.batch_size)

    def arrange(self, arrays: Arrays, epoch: int) -> Arrays:
        """Returns the examples that the indices of an epoch stand for."""
        return arrays.for_epoch(self._generator(epoch))

    def _generator(self, epoch: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence([self.seed, epoch]))


def evaluation_order(examples: int, batch_size: int, order: str) -> np.ndarray:
    """Returns indices that visit every example once; -1 marks padding.

    Returns:
        int64 [steps, batch_size], in streams as `BatchOrder` makes them.
    """
    steps = -(-examples // batch_size)
    padded = np.full(steps * batch_size, -1)
    padded[:examples] = np.arange(examples)
    if order == "streams":
        return padded.reshape(batch_size, steps).T
    return padded.reshape(steps, batch_size)


def training_dataset(arrays: Arrays, indices: np.ndarray, first: int = 0) -> Any:
    """Makes the `keras.utils.PyDataset` of one epoch, from batch `first` on.

    Keras fetches the first batches twice, so a batch must be a pure function of its
    position.
    """

    def fetch(position: int) -> tuple[Any, ...]:
        inputs, targets, weights = arrays.batch(indices[position + first])
        return (inputs, targets) if weights is None else (inputs, targets, weights)

    return _dataset(fetch, len(indices) - first)


def evaluation_dataset(arrays: Arrays, indices: np.ndarray, loss_shape: tuple[Any, ...]) -> Any:
    """Makes the `keras.utils.PyDataset` that visits every example once.

    Args:
        arrays: The examples.
        indices: From `evaluation_order`; padding is scored with weight 0, and the rest so
            that the mean over all batches, which counts padding too, is that of the examples.
        loss_shape: Shape of the loss, the output's without its last axis.
    """
    scale = np.float32(indices.size / max(int((indices >= 0).sum()), 1))

    def fetch(position: int) -> tuple[Any, ...]:
        chosen = indices[position]
        inputs, targets, weights = arrays.batch(np.maximum(chosen, 0))
        real = (chosen >= 0) * scale
        mask = real.reshape(-1, *[1] * (len(loss_shape) - 1))
        if weights is not None:
            return inputs, targets, weights * mask.reshape(-1, *[1] * (np.ndim(weights) - 1))
        shape = np.broadcast_shapes(mask.shape, _known(loss_shape, targets))
        return inputs, targets, np.broadcast_to(mask, shape)

    return _dataset(fetch, len(indices))


def _known(loss_shape: tuple[Any, ...], targets: Any) -> tuple[int, ...]:
    """Fills the unknown axes of the loss' shape from the targets."""
    shape = np.shape(targets)
    return tuple(
        shape[axis] if size is None or axis == 0 else size for axis, size in enumerate(loss_shape)
    )


def _dataset(fetch: Any, length: int) -> Any:
    from keras.utils import PyDataset

    class Batches(PyDataset):
        """Batches by position."""

        def __len__(self) -> int:
            return length

        def __getitem__(self, index: int) -> Any:
            return fetch(index)

    return Batches()
