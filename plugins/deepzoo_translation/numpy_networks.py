"""The network of a baseline: it looks sentences up in the training split."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork

if TYPE_CHECKING:
    from .baselines import NearestSentence

_BLOCK = 256  # sentences that are compared together


class NearestNetwork(NumpyNetwork):
    """Translates a sentence as the most similar training sentence is translated.

    Args:
        model: The recipe.
        spec: Not used.
    """

    def __init__(self, model: NearestSentence, spec: Mapping[str, Any]) -> None:
        self.longest = model.longest_ngram
        self.weights = {side: np.zeros(0, np.uint8) for side in ("sources", "targets")}

    def fit_arrays(self, inputs: Sequence[str], targets: Sequence[str]) -> None:
        """Keeps the training pairs, as bytes."""
        self.weights = {"sources": _to_bytes(inputs), "targets": _to_bytes(targets)}

    @functools.cached_property
    def _index(self) -> tuple[Any, Any]:
        """The n-grams, and the columns of the training sentences."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(1, self.longest), sublinear_tf=True
        )
        sources = _from_bytes(self.weights["sources"])
        return vectorizer, vectorizer.fit_transform(sources).T.tocsr()

    def predict(self, inputs: Sequence[str]) -> list[str]:
        """Returns the translation of the nearest training sentence, of several the first."""
        vectorizer, columns = self._index
        targets = _from_bytes(self.weights["targets"])
        translations: list[str] = []
        for start in range(0, len(inputs), _BLOCK):
            rows = vectorizer.transform(inputs[start : start + _BLOCK])
            nearest = np.asarray((rows @ columns).argmax(axis=1)).ravel()
            translations += [targets[index] for index in nearest]
        return translations


def _to_bytes(texts: Sequence[str]) -> np.ndarray:
    """Encodes texts as a row of bytes, each ended by 0xff, which never occurs in UTF-8."""
    coded = b"".join(text.encode("utf-8", "surrogatepass") + b"\xff" for text in texts)
    return np.frombuffer(coded, np.uint8)


def _from_bytes(row: np.ndarray) -> list[str]:
    return [text.decode("utf-8", "surrogatepass") for text in row.tobytes().split(b"\xff")[:-1]]
