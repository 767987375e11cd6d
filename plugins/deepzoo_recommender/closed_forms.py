"""What the baselines of the recommender compute: counts, cosines, and one inverse matrix."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from deepzoo import Baskets, check_match
from deepzoo.errors import CheckpointError, DataError
from deepzoo.readers import require_memory

from .cooccurrence import occurrences, together

_FLOAT, _MATRICES = 8, 5  # bytes of a number; matrices that are in memory together
_TIE = 1e-4  # how much popularity counts where nothing is similar


class PopularityNetwork:
    """Scores every item by its share of the training baskets.

    Args:
        items: Number of items.

    Attributes:
        shares: float64 [items].
    """

    def __init__(self, items: int) -> None:
        self.shares = np.zeros(items)

    def fit_arrays(self, inputs: Baskets, targets: Baskets | np.ndarray) -> None:
        """Counts in how many baskets each item is."""
        self.shares = occurrences(inputs) / max(len(inputs), 1)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the same scores for all baskets, [n, items]."""
        return np.tile(self.shares, (len(inputs), 1))

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the shares."""
        return {"shares": self.shares}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over the shares of as many items."""
        check_match(self.arrays(), arrays)
        self.shares = np.asarray(arrays["shares"])


class CosineNetwork:
    """Scores an item by the cosines between it and the items in the basket.

    Args:
        items: Number of items.
        neighbours: Of each item the most similar ones that are kept.

    Attributes:
        similar: Numbers of the most similar items, int32 [items, neighbours].
        cosines: How similar they are, float32 [items, neighbours].
        shares: The share of training baskets that each item is in, float64 [items].
    """

    def __init__(self, items: int, neighbours: int) -> None:
        width = max(min(neighbours, items - 1), 0)
        self.similar = np.zeros((items, width), np.int32)
        self.cosines = np.zeros((items, width), np.float32)
        self.shares = np.zeros(items)

    def fit_arrays(self, inputs: Baskets, targets: Baskets | np.ndarray) -> None:
        """Finds the most similar items of each item."""
        width = self.similar.shape[1]
        counted = occurrences(inputs)
        self.shares = counted / max(len(inputs), 1)
        norms = np.sqrt(np.maximum(counted, 1))
        for start, counts in together(inputs):
            stop = start + len(counts)
            cosines = counts / (norms[start:stop, None] * norms)
            cosines[np.arange(stop - start), np.arange(start, stop)] = -1
            best = np.argsort(-cosines, axis=1, kind="stable")[:, :width]
            self.similar[start:stop] = best
            self.cosines[start:stop] = np.take_along_axis(cosines, best, axis=1)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the summed cosines, [n, items]; of equal ones the popular item is ahead."""
        found = np.tile((_TIE * self.shares).astype(np.float32), (len(inputs), 1))
        baskets, items = np.nonzero(inputs)
        np.add.at(found, (baskets[:, None], self.similar[items]), self.cosines[items])
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the similar items and their cosines."""
        return {"similar": self.similar, "cosines": self.cosines, "shares": self.shares}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over similar items and cosines of as many items."""
        check_match(self.arrays(), arrays)
        if arrays["similar"].size and arrays["similar"].max() >= len(self.similar):
            raise CheckpointError("The similar items are numbered beyond the last item.")
        self.similar = np.asarray(arrays["similar"])
        self.cosines, self.shares = np.asarray(arrays["cosines"]), np.asarray(arrays["shares"])


class EaseNetwork:
    """Scores items by a matrix B [items, items] whose diagonal is zero, and by popularity.

    Args:
        items: Number of items.
        penalty: Lambda, the weight of the squares of B.
        popularity: How much an item's share of the baskets adds to its score.
    """

    def __init__(self, items: int, penalty: float, popularity: float) -> None:
        self.items, self.penalty, self.popularity = items, penalty, popularity
        self.B, self.shares = np.zeros((0, 0), np.float32), np.zeros(0)

    def fit_arrays(self, inputs: Baskets, targets: Baskets | np.ndarray) -> None:
        """Works out B from how often items are together (Steck, 2019, equation 8).

        Raises:
            ResourceError: The matrices do not fit in memory.
            DataError: The matrix has no inverse, for the penalty is too small.
        """
        require_memory(
            _MATRICES * self.items**2 * _FLOAT,
            f"ease inverts a matrix of {self.items:,} by {self.items:,} items, which",
            "Use item-cosine, which needs no such matrix: --model item-cosine",
        )
        G = np.concatenate([counts for _, counts in together(inputs)]).astype(np.float64)
        self.shares = G.diagonal() / max(len(inputs), 1)
        self.B = without_itself(G, self.penalty)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the scores [n, items]."""
        return inputs @ self.B + (self.popularity * self.shares).astype(np.float32)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns B and the shares."""
        return {"B": self.B, "shares": self.shares}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over B and shares of as many items."""
        empty = np.zeros(self.items)  # of B only the shape is compared
        like = np.broadcast_to(empty.astype(np.float32), (self.items, self.items))
        check_match({"B": like, "shares": empty}, arrays)
        self.B, self.shares = np.asarray(arrays["B"]), np.asarray(arrays["shares"])


def without_itself(G: np.ndarray, penalty: float) -> np.ndarray:
    """Returns the linear maps that give each item back best from all others, float32.

    Args:
        G: How often items are together, [items, items]; changed in place.
        penalty: Added to its diagonal.
    """
    from scipy.linalg import get_lapack_funcs

    G[np.diag_indices_from(G)] += penalty
    # G is positive definite: by Cholesky its inverse takes half of what it takes otherwise.
    factorise, invert = get_lapack_funcs(("potrf", "potri"), (G,))
    factor, failed = factorise(G, lower=0)
    P, none = invert(factor, lower=0)
    if failed or none:
        raise DataError(
            f"The counts of items that are together have no inverse with a penalty of {penalty:g}.",
            "Raise it: --set penalty=200",
        )
    P = P + np.triu(P, 1).T
    B = P / -P.diagonal()
    np.fill_diagonal(B, 0)
    return B.astype(np.float32)
