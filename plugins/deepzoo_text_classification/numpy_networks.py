"""The default network of text classification: linear, in NumPy and SciPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork
from deepzoo.recurrent import sigmoid

if TYPE_CHECKING:
    from deepzoo import Prepared

    from .models import BagOfNGrams

BIAS_RATE = 0.1  # of the learning rate: the input of a bias is 1, of an n-gram about 0.05


class BagOfNGramsNetwork(NumpyNetwork):
    """One logistic regression for each class against the others, trained step by step.

    `p = sigmoid(x W + b)`; the loss is the sum of the cross-entropies of the classes. Of two
    classes there is one column, the probability of the second. `x_f = (1 + log count_f) / norm`,
    so that long and short texts weigh the same. Weight W_fc learns at the rate `s_fc**2`, as if
    its input were multiplied by `s_fc = idf_f (1 - a + a r_fc)`, where idf is the inverse
    document frequency and r the absolute log-count ratio of class c against the others (Wang
    and Manning, 2012, Baselines and Bigrams), each divided by its root mean square.

    Args:
        model: The recipe.
        spec: Number of `classes`.
    """

    def __init__(self, model: BagOfNGrams, spec: Mapping[str, Any]) -> None:
        self.recipe, self.classes = model, spec["classes"]
        self.learning_rate = model.learning_rate
        columns = 1 if self.classes == 2 else self.classes
        self.weights = {
            "ngrams": np.zeros(0, np.uint32),
            "weights": np.zeros((0, columns), np.float32),
            "bias": np.zeros(columns, np.float32),
        }

    def adapt(self, prepared: Prepared) -> None:
        """Chooses the n-grams, and finds out how fast each of them learns."""
        rows, labels = prepared.train.inputs, prepared.train.targets
        ngrams, texts = np.unique(rows.indices, return_counts=True)
        kept = np.flatnonzero(texts >= self.recipe.least_texts)
        most_frequent = np.argsort(-texts[kept], kind="stable")[: self.recipe.features]
        kept = kept[np.sort(most_frequent)]
        ngrams, texts = ngrams[kept], texts[kept]
        idf = np.log((1 + len(labels)) / (1 + texts)) + 1
        self.weights["ngrams"] = ngrams.astype(np.uint32)
        ratios = self._ratios(rows, labels, texts)
        scales = _normalised(idf[:, None], texts) * (
            1 - self.recipe.ratio + self.recipe.ratio * _normalised(ratios, texts)
        )
        self.slots = {"rates": (scales**2).astype(np.float32)}
        self.weights["weights"] = np.zeros(scales.shape, np.float32)

    def _ratios(self, rows: Any, labels: np.ndarray, texts: np.ndarray) -> np.ndarray:
        """Returns the absolute log-count ratio of each n-gram and class, with add-one smoothing."""
        from scipy.sparse import csr_matrix

        x, _ = self._known(rows)
        one_hot = csr_matrix(self._one_hot(labels))
        inside = 1 + (x.astype(bool).astype(np.float32).T @ one_hot).toarray()
        outside = 2 + texts[:, None] - inside
        ratios = np.log(inside / inside.sum(axis=0)) - np.log(outside / outside.sum(axis=0))
        return np.abs(ratios)

    def train_step(self, rows: Any, labels: np.ndarray, weights: Any = None) -> dict[str, float]:
        """Takes one step along the gradient of the mean loss of a batch."""
        x, features = self._known(rows)
        targets = self._one_hot(labels)
        p = sigmoid(x @ self.weights["weights"][features] + self.weights["bias"])
        gradient = (p - targets) / len(labels)
        step = self.learning_rate * self.slots["rates"][features] * (x.T @ gradient)
        self.weights["weights"][features] -= step
        self.weights["bias"] -= BIAS_RATE * self.learning_rate * gradient.sum(axis=0)
        return {"loss": _cross_entropy(p, targets)}

    def test_step(self, rows: Any, labels: np.ndarray, weights: Any = None) -> dict[str, float]:
        """Returns the mean loss of a batch."""
        return {"loss": _cross_entropy(sigmoid(self.logits(rows)), self._one_hot(labels))}

    def predict(self, inputs: Any) -> np.ndarray:
        """Returns the probabilities [n, classes] of counts of n-grams, sparse [n, 2**32]."""
        p = sigmoid(self.logits(inputs))
        if p.shape[1] == 1:
            return np.concatenate([1 - p, p], axis=1)
        return p / np.maximum(p.sum(axis=1, keepdims=True), 1e-30)

    def logits(self, rows: Any) -> np.ndarray:
        """Returns the logits, [n, classes], or [n, 1] where there are two."""
        x, features = self._known(rows)
        return x @ self.weights["weights"][features] + self.weights["bias"]

    def evidence(self, rows: Any) -> np.ndarray:
        """Returns what each n-gram of one text adds to the logits, for each time that it occurs.

        Args:
            rows: The text, sparse [1, 2**32].

        Returns:
            [n, classes], in the order of `rows.indices`.
        """
        values = 1 + np.log(rows.data)
        each = values / np.sqrt((values**2).sum()) / rows.data
        return self.weights_of(rows.indices) * each[:, None]

    def weights_of(self, ngrams: np.ndarray) -> np.ndarray:
        """Returns the weights of n-grams, [n, classes]; 0 of those that it does not know."""
        known, at = find(self.weights["ngrams"], ngrams)
        weights = np.zeros((len(ngrams), self.weights["bias"].size))
        weights[known] = self.weights["weights"][at[known]]
        return np.concatenate([-weights, weights], axis=1) if weights.shape[1] == 1 else weights

    def _one_hot(self, labels: np.ndarray) -> np.ndarray:
        """Returns which class each text is of, [n, classes], or [n, 1] where there are two."""
        rows = np.eye(self.classes, dtype=np.float32)[labels]
        return rows[:, -self.weights["bias"].size :]

    def _known(self, rows: Any) -> tuple[Any, np.ndarray]:
        """Returns inputs x, sparse [n, f], of the f n-grams in `rows` that are known, and these."""
        from scipy.sparse import csr_matrix

        values = 1 + np.log(rows.data)
        text = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        norms = np.sqrt(np.bincount(text, values**2, rows.shape[0]))
        ngrams, inverse = np.unique(rows.indices, return_inverse=True)
        known, at = find(self.weights["ngrams"], ngrams)
        kept = known[inverse]
        local = (np.cumsum(known) - 1)[inverse[kept]]
        bounds = np.concatenate([[0], np.cumsum(kept)])[rows.indptr]
        entries = (values / norms[text]).astype(np.float32)[kept], local, bounds
        return csr_matrix(entries, shape=(rows.shape[0], int(known.sum()))), at[known]


def find(ngrams: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Looks n-grams up in a sorted array: whether each is there, and where."""
    if not len(ngrams):
        return np.zeros(len(wanted), bool), np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(ngrams, wanted.astype(ngrams.dtype)), len(ngrams) - 1)
    return ngrams[at] == wanted, at


def _cross_entropy(p: np.ndarray, targets: np.ndarray) -> float:
    """Returns the sigmoid cross-entropy in nats: the sum over classes, the mean over texts."""
    of_targets = np.where(targets > 0, p, 1 - p)
    return float(-np.log(np.maximum(of_targets, 1e-12)).sum(axis=1).mean())


def _normalised(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Divides columns by the root of their mean square, where row i counts `counts[i]` times."""
    mean = (values**2 * counts[:, None]).sum(axis=0) / max(counts.sum(), 1)
    return values / np.sqrt(np.maximum(mean, 1e-12))
