"""Networks without Keras: the trained ones, and the baselines, which are fitted in closed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from deepzoo import NumpyNetwork, ordered_weights
from deepzoo.errors import DataError
from deepzoo.feedforward import Dense
from deepzoo.recurrent import sigmoid

from .baskets import cooccurrences

if TYPE_CHECKING:
    from .baselines import Ease, ItemCosine, Popularity
    from .models import BasketModel

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


class DenseNetwork:
    """Dense layers one after the other.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: Matrices and biases by the keys of the trained network, in its order.

    Attributes:
        activations: The activation of each layer.
    """

    activations: ClassVar[Sequence[Callable[[np.ndarray], np.ndarray] | None]]

    def __init__(
        self, model: BasketModel, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> None:
        with ordered_weights(arrays) as weights:
            self.layers = [
                Dense(next(weights), next(weights), activation) for activation in self.activations
            ]

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns what the Keras network predicts for baskets, float [n, items]."""
        x = np.asarray(rows, np.float32)
        for layer in self.layers:
            x = layer(x)
        return x


class NumpyAutoencoder(DenseNetwork):
    """The published autoencoder: the probability that each item is in the whole basket."""

    activations = (softsign, softsign, softsign, sigmoid) * 2


class NumpyMLP(DenseNetwork):
    """The network that names the missing item."""

    activations = (np.tanh, None)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns the logits [n, items]; those of the items in the basket are masked."""
        rows = np.asarray(rows, np.float32)
        norms = np.maximum(np.sqrt(rows.sum(axis=-1, keepdims=True)), 1)
        return super().predict(rows / norms) + MASK * rows

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Returns the probability that each item is the missing one; rows sum to 1."""
        return softmax(self.predict(rows))


class PopularityNetwork(NumpyNetwork):
    """Scores every item by the fraction of the training baskets that it is in.

    Args:
        model: The recipe.
        spec: Number of `items`.
    """

    def __init__(self, model: Popularity, spec: Mapping[str, Any]) -> None:
        self.weights = {"shares": np.zeros(spec["items"])}

    def fit_arrays(self, inputs: Any, targets: Any) -> None:
        """Counts in how many baskets each item is."""
        self.weights["shares"] = fractions(inputs)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the same scores for all baskets, [n, items]."""
        return np.tile(self.weights["shares"], (len(inputs), 1))


class CosineNetwork(NumpyNetwork):
    """Scores an item by the cosine similarities between it and the items in the basket.

    It keeps the numbers of the most similar items of each, int32 [items, neighbours], their
    cosine similarities, float32, and the fraction of baskets that each item is in.

    Args:
        model: The recipe.
        spec: Number of `items`.
    """

    def __init__(self, model: ItemCosine, spec: Mapping[str, Any]) -> None:
        items = spec["items"]
        width = max(min(model.neighbours, items - 1), 0)
        self.weights = {
            "similar": np.zeros((items, width), np.int32),
            "cosines": np.zeros((items, width), np.float32),
            "shares": np.zeros(items),
        }

    def fit_arrays(self, inputs: Any, targets: Any) -> None:
        """Finds the most similar items of each item."""
        similar, cosines = self.weights["similar"], self.weights["cosines"]
        self.weights["shares"] = fractions(inputs)
        norms = np.sqrt(np.maximum(inputs.getnnz(axis=0), 1))
        for start, counts in cooccurrences(inputs):
            stop = start + len(counts)
            block = counts / (norms[start:stop, None] * norms)
            block[np.arange(stop - start), np.arange(start, stop)] = -1
            best = np.argsort(-block, axis=1, kind="stable")[:, : similar.shape[1]]
            similar[start:stop] = best
            cosines[start:stop] = np.take_along_axis(block, best, axis=1)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the summed cosines, [n, items]; popularity breaks ties."""
        shares = (_TIE * self.weights["shares"]).astype(np.float32)
        scores = np.tile(shares, (len(inputs), 1))
        baskets, items = np.nonzero(inputs)
        similar = self.weights["similar"][items]
        np.add.at(scores, (baskets[:, None], similar), self.weights["cosines"][items])
        return scores


class EaseNetwork(NumpyNetwork):
    """Scores items by a matrix B [items, items] whose diagonal is zero, and by popularity.

    Args:
        model: The recipe; its penalty is the lambda of the paper.
        spec: Number of `items`.
    """

    def __init__(self, model: Ease, spec: Mapping[str, Any]) -> None:
        self.items, self.penalty, self.popularity = spec["items"], model.penalty, model.popularity
        self.weights = {"B": np.zeros((self.items, 0), np.float32), "shares": np.zeros(self.items)}

    def fit_arrays(self, inputs: Any, targets: Any) -> None:
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
        self.weights = {"B": without_itself(G, self.penalty), "shares": fractions(inputs)}

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the scores [n, items]."""
        shares = (self.popularity * self.weights["shares"]).astype(np.float32)
        return inputs @ self.weights["B"] + shares


def fractions(baskets: Any) -> np.ndarray:
    """Returns the fraction of baskets, rows of a sparse matrix, that each item is in."""
    return baskets.getnnz(axis=0) / max(baskets.shape[0], 1)


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
