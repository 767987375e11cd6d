"""Networks without Keras: the trained ones, and the baselines, which are fitted in closed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from deepzoo import Baskets, check_match
from deepzoo.errors import CheckpointError, DataError

from .baskets import cooccurrences, occurrences

MASK = -1e9  # added to the logits of items in the basket
_FLOAT, _MATRICES = 8, 5  # bytes of a number; matrices in memory at once
_TIE = 1e-4  # weight of popularity where no item is similar


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turns logits into probabilities, row by row; masked ones stay masked.

    Examples:
        >>> softmax(np.array([[0.0, 0.0, MASK]]))
        array([[ 5.e-01,  5.e-01, -1.e+09]])
    """
    masked = logits < MASK / 2
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.where(masked, MASK, exponents / exponents.sum(axis=-1, keepdims=True))


def softsign(x: np.ndarray) -> np.ndarray:
    """Returns x / (1 + |x|)."""
    return x / (1 + np.abs(x))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Returns 1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * x))


class DenseNetwork:
    """Dense layers one after the other.

    Args:
        arrays: Matrices and biases by the keys of the trained network, in its order.
        activations: The activation of each layer.
    """

    def __init__(
        self,
        arrays: Mapping[str, np.ndarray],
        activations: tuple[Callable[[np.ndarray], np.ndarray], ...],
    ) -> None:
        values = [np.asarray(arrays[key], np.float32) for key in sorted(arrays)]
        if len(values) != 2 * len(activations):
            raise CheckpointError(
                f"The weights are {len(values)} arrays, expected {2 * len(activations)}.",
                "Train the run again.",
            )
        self.layers = list(zip(values[::2], values[1::2], activations, strict=True))

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns what the Keras network predicts for baskets, float [n, items]."""
        x = np.asarray(rows, np.float32)
        for W, b, activation in self.layers:
            x = activation(x @ W + b)
        return x


class NumpyAutoencoder(DenseNetwork):
    """The published autoencoder: the probability that each item is in the whole basket."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        super().__init__(arrays, ((softsign,) * 3 + (sigmoid,)) * 2)


class NumpyMLP(DenseNetwork):
    """The network that names the missing item."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        super().__init__(arrays, (np.tanh, lambda x: x))

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns the logits [n, items]; those of the items in the basket are masked."""
        rows = np.asarray(rows, np.float32)
        norms = np.maximum(np.sqrt(rows.sum(axis=-1, keepdims=True)), 1)
        return super().predict(rows / norms) + MASK * rows

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Returns the probability that each item is the missing one; rows sum to 1."""
        return softmax(self.predict(rows))


class FittedNetwork:
    """Base of the baselines: its weights are the arrays that `fit_arrays` computes.

    Attributes:
        names: The attribute of each array, by its key in the file of weights.
    """

    names: ClassVar[Mapping[str, str]] = {}

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights."""
        return {key: getattr(self, name) for key, name in self.names.items()}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replaces the weights; refuses other keys and shapes."""
        check_match(self.arrays(), arrays)
        for key, name in self.names.items():
            setattr(self, name, np.asarray(arrays[key]))


class PopularityNetwork(FittedNetwork):
    """Scores every item by the fraction of the training baskets that it is in.

    Args:
        items: Number of items.
    """

    names = {"shares": "frequencies"}

    def __init__(self, items: int) -> None:
        self.frequencies = np.zeros(items)

    def fit_arrays(self, inputs: Baskets, targets: Baskets | np.ndarray) -> None:
        """Counts in how many baskets each item is."""
        self.frequencies = occurrences(inputs) / max(len(inputs), 1)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the same scores for all baskets, [n, items]."""
        return np.tile(self.frequencies, (len(inputs), 1))


class CosineNetwork(FittedNetwork):
    """Scores an item by the cosine similarities between it and the items in the basket.

    Args:
        items: Number of items.
        neighbours: How many of the most similar items of each item are kept.

    Attributes:
        similar: Numbers of the most similar items, int32 [items, neighbours].
        cosines: Their cosine similarities, float32 [items, neighbours].
        frequencies: The fraction of training baskets that each item is in, float64 [items].
    """

    names = {"similar": "similar", "cosines": "cosines", "shares": "frequencies"}

    def __init__(self, items: int, neighbours: int) -> None:
        width = max(min(neighbours, items - 1), 0)
        self.similar = np.zeros((items, width), np.int32)
        self.cosines = np.zeros((items, width), np.float32)
        self.frequencies = np.zeros(items)

    def fit_arrays(self, inputs: Baskets, targets: Baskets | np.ndarray) -> None:
        """Finds the most similar items of each item."""
        width = self.similar.shape[1]
        counted = occurrences(inputs)
        self.frequencies = counted / max(len(inputs), 1)
        norms = np.sqrt(np.maximum(counted, 1))
        for start, counts in cooccurrences(inputs):
            stop = start + len(counts)
            cosines = counts / (norms[start:stop, None] * norms)
            cosines[np.arange(stop - start), np.arange(start, stop)] = -1
            best = np.argsort(-cosines, axis=1, kind="stable")[:, :width]
            self.similar[start:stop] = best
            self.cosines[start:stop] = np.take_along_axis(cosines, best, axis=1)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the summed cosines, [n, items]; popularity breaks ties."""
        scores = np.tile((_TIE * self.frequencies).astype(np.float32), (len(inputs), 1))
        baskets, items = np.nonzero(inputs)
        np.add.at(scores, (baskets[:, None], self.similar[items]), self.cosines[items])
        return scores

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replaces the weights; refuses other keys and shapes, and numbers of no item."""
        check_match(self.arrays(), arrays)
        if arrays["similar"].size and arrays["similar"].max() >= len(self.similar):
            raise CheckpointError("The similar items are numbered beyond the last item.")
        super().load_arrays(arrays)


class EaseNetwork(FittedNetwork):
    """Scores items by a matrix B [items, items] whose diagonal is zero, and by popularity.

    Args:
        items: Number of items.
        penalty: Lambda, the weight of the L2 penalty of B.
        popularity: Weight of an item's frequency in its score.
    """

    names = {"B": "B", "shares": "frequencies"}

    def __init__(self, items: int, penalty: float, popularity: float) -> None:
        self.items, self.penalty, self.popularity = items, penalty, popularity
        self.B, self.frequencies = np.zeros((0, 0), np.float32), np.zeros(0)

    def fit_arrays(self, inputs: Baskets, targets: Baskets | np.ndarray) -> None:
        """Computes B from how often items are together (Steck, 2019, equation 8).

        Raises:
            ResourceError: The matrices do not fit in memory.
            DataError: The matrix has no inverse, because the penalty is too small.
        """
        from deepzoo.readers import require_memory

        require_memory(
            _MATRICES * self.items**2 * _FLOAT,
            f"ease inverts a matrix of {self.items:,} by {self.items:,} items, which",
            "Use item-cosine, which needs no such matrix: --model item-cosine",
        )
        G = np.concatenate([counts for _, counts in cooccurrences(inputs)]).astype(np.float64)
        self.frequencies = G.diagonal() / max(len(inputs), 1)
        self.B = without_itself(G, self.penalty)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the scores [n, items]."""
        return inputs @ self.B + (self.popularity * self.frequencies).astype(np.float32)

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replaces the weights; refuses other keys and shapes."""
        self.frequencies = np.zeros(self.items)
        self.B = np.broadcast_to(np.float32(0), (self.items, self.items))  # takes no memory
        super().load_arrays(arrays)


def without_itself(G: np.ndarray, penalty: float) -> np.ndarray:
    """Returns the linear maps that reconstruct each item best from all others, float32.

    Args:
        G: How often items are together, [items, items]; changed in place.
        penalty: Added to its diagonal.
    """
    from scipy.linalg import get_lapack_funcs

    G[np.diag_indices_from(G)] += penalty
    # G is positive definite: a Cholesky factorisation halves the cost of the inverse.
    factorise, invert = get_lapack_funcs(("potrf", "potri"), (G,))
    factor, failed = factorise(G, lower=0)
    P, not_inverted = invert(factor, lower=0)
    if failed or not_inverted:
        raise DataError(
            f"The counts of items that are together have no inverse with a penalty of {penalty:g}.",
            "Raise it: --set penalty=200",
        )
    P = P + np.triu(P, 1).T
    B = P / -P.diagonal()
    np.fill_diagonal(B, 0)
    return B.astype(np.float32)
