"""The networks of the baselines: linear in the n-grams of a text, fitted at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork

from .numpy_networks import find

if TYPE_CHECKING:
    from .baselines import LinearSVM

_NEVER = -30.0  # logit of a class that the training split does not have


class LinearNetwork(NumpyNetwork):
    """Logits that are linear in counts of n-grams, of those seen in training.

    Args:
        model: The recipe.
        spec: Number of `classes`.
    """

    def __init__(self, model: Any, spec: Mapping[str, Any]) -> None:
        self.recipe, self.classes = model, spec["classes"]
        self.weights = {
            "ngrams": np.zeros(0, np.uint32),
            "weights": np.zeros((0, self.classes), np.float32),
            "bias": np.zeros(self.classes, np.float32),
        }

    def fit_arrays(self, inputs: Any, targets: np.ndarray) -> None:
        """Fits to counts of n-grams, sparse [n, 2**32], and labels."""
        self.weights["ngrams"] = np.unique(inputs.indices).astype(np.uint32)
        weights, bias = self.fit(self.known(inputs), targets)
        self.weights["weights"] = weights.astype(np.float32)
        self.weights["bias"] = bias.astype(np.float32)

    def fit(self, counts: Any, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns weights [n-grams, classes] and bias [classes]."""
        raise NotImplementedError

    def transform(self, counts: Any) -> Any:
        """Returns the inputs of the linear function, as sparse as the counts."""
        return counts

    def known(self, rows: Any) -> Any:
        """Returns the counts of the n-grams that were seen in training, sparse [n, n-grams]."""
        from scipy.sparse import csr_matrix

        seen, at = find(self.weights["ngrams"], rows.indices)
        bounds = np.concatenate([[0], np.cumsum(seen)])[rows.indptr]
        shape = (rows.shape[0], len(self.weights["ngrams"]))
        return csr_matrix((rows.data[seen], at[seen], bounds), shape=shape)

    def predict(self, inputs: Any) -> np.ndarray:
        """Returns the logits [n, classes]."""
        return self.transform(self.known(inputs)) @ self.weights["weights"] + self.weights["bias"]


class MajorityNetwork(LinearNetwork):
    """The frequencies of the classes, whatever the text."""

    def fit(self, counts: Any, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Counts the classes."""
        frequencies = np.bincount(labels, minlength=self.classes) + 1.0
        self.weights["ngrams"] = self.weights["ngrams"][:0]
        return np.zeros((0, self.classes)), np.log(frequencies / frequencies.sum())


class NaiveBayesNetwork(LinearNetwork):
    """Log-probabilities of n-grams in each class (McCallum and Nigam, 1998)."""

    def fit(self, counts: Any, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Counts the n-grams of each class."""
        from scipy.sparse import csr_matrix

        frequencies = np.bincount(labels, minlength=self.classes)
        one_hot = csr_matrix(np.eye(self.classes)[labels])
        smoothed = 1 + (counts.T @ one_hot).toarray()
        bias = np.log(np.maximum(frequencies, 1e-12) / frequencies.sum())
        return np.log(smoothed / smoothed.sum(axis=0)), np.maximum(bias, _NEVER)


class SVMNetwork(LinearNetwork):
    """One support vector machine for each class against the others; of two classes one for both.

    Args:
        model: The recipe.
        spec: Number of `classes`.
    """

    def __init__(self, model: LinearSVM, spec: Mapping[str, Any]) -> None:
        super().__init__(model, spec)
        self.weights["idf"] = np.zeros(0, np.float32)

    def fit(self, counts: Any, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Fits scikit-learn's machines to TF-IDF, with logarithms of counts."""
        from sklearn.svm import LinearSVC

        texts = np.bincount(counts.indices, minlength=counts.shape[1])
        self.weights["idf"] = (np.log((1 + len(labels)) / (1 + texts)) + 1).astype(np.float32)
        weights, bias = np.zeros((counts.shape[1], self.classes)), np.full(self.classes, _NEVER)
        present = np.unique(labels)
        if len(present) < 2:
            bias[present] = 0.0
            return weights, bias
        machine = LinearSVC(C=self.recipe.strength, random_state=0).fit(
            self.transform(counts), labels
        )
        coefficients, intercepts = machine.coef_, machine.intercept_
        if len(present) == 2:  # one row, for the second class against the first
            coefficients = np.vstack([-coefficients, coefficients])
            intercepts = np.r_[-intercepts, intercepts]
        weights[:, present], bias[present] = coefficients.T, intercepts
        return weights, bias

    def transform(self, counts: Any) -> Any:
        """Returns TF-IDF, rows of length 1."""
        from scipy.sparse import csr_matrix

        values = (1 + np.log(counts.data)) * self.weights["idf"][counts.indices]
        text = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        norms = np.sqrt(np.bincount(text, values**2, counts.shape[0]))
        entries = (values / norms[text]).astype(np.float32), counts.indices, counts.indptr
        return csr_matrix(entries, shape=counts.shape)
