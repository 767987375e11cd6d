"""A language model of characters for each class: a text is of the class that expects it most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork

from .numpy_networks import find

if TYPE_CHECKING:
    from .baselines import LanguageModels

AT_ONCE = 500  # texts read together: enough to be fast, few enough for memory
_NEVER = 1e6  # bits of any text in a class that the training split does not have


class LanguageModelsNetwork(NumpyNetwork):
    """Character n-gram models, one for each class, interpolated after Witten and Bell (1991).

    The probability of character c after a history h of n characters is

        P(c | h) = (count(h c) + kinds(h) P(c | h')) / (count(h) + kinds(h))

    where kinds(h) counts the different characters that followed h in training, and h' is h
    without its first character; after no history at all, all characters are equally likely.

    The outputs are the logarithms of the probability of a whole text, divided by the length of
    the longest n-gram. All classes are equally likely before the text is read, so softmax is Bayes'
    rule. Without the divisor it is far too sure: what one n-gram tells is counted at each of its
    characters.

    Args:
        model: The recipe.
        spec: Number of `classes`.
    """

    def __init__(self, model: LanguageModels, spec: Mapping[str, Any]) -> None:
        self.longest, self.classes = model.characters, spec["classes"]
        self.weights = {
            "ngrams": np.zeros(0, np.uint64),
            "ngram_counts": np.zeros(0, np.uint32),
            "histories": np.zeros(0, np.uint64),
            "history_counts": np.zeros(0, np.uint32),
            "history_kinds": np.zeros(0, np.uint32),
            "characters": np.zeros(0, np.uint32),
            "texts": np.zeros(self.classes, np.uint32),
        }

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Counts the n-grams of texts, object [n], by their labels [n]."""
        codes, where, text = _read(inputs, self.longest)
        label = targets[text]
        ngrams, histories = [], []
        for history, ngram in self._keys(codes, where):
            keys, first, counts = np.unique(
                _of_class(ngram, label), return_index=True, return_counts=True
            )
            ngrams.append((keys, counts))
            keys, inverse, kinds = np.unique(
                _of_class(history, label)[first], return_inverse=True, return_counts=True
            )
            histories.append((keys, np.bincount(inverse, counts), kinds))
        names = list(self.weights)
        self.weights = dict(zip(names[:2], _sorted(ngrams), strict=True))
        self.weights |= dict(zip(names[2:5], _sorted(histories), strict=True))
        self.weights["characters"] = np.unique(codes[where]).astype(np.uint32)
        self.weights["texts"] = np.bincount(targets, minlength=self.classes).astype(np.uint32)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the logits of the classes, float64 [n, classes]."""
        return -np.log(2) / self.longest * self.bits(inputs)

    def bits(self, inputs: np.ndarray) -> np.ndarray:
        """Returns how many bits each text takes by the model of each class, [n, classes]."""
        bits = np.zeros((len(inputs), self.classes))
        for start in range(0, len(inputs), AT_ONCE):
            block = inputs[start : start + AT_ONCE]
            codes, where, text = _read(block, self.longest)
            for label in range(self.classes):
                surprise = -np.log2(self.expected(codes, where, label))
                bits[start : start + AT_ONCE, label] = np.bincount(text, surprise, len(block))
        bits[:, self.weights["texts"] == 0] = _NEVER
        return bits

    def expected(self, codes: np.ndarray, where: np.ndarray, label: int) -> np.ndarray:
        """Returns the probability that the model of a class gives each character."""
        p = np.full(len(where), 1 / (len(self.weights["characters"]) + 1))
        for history, ngram in self._keys(codes, where):
            known, at = find(self.weights["histories"], _of_class(history, label))
            total = self.weights["history_counts"][at[known]]
            kinds = self.weights["history_kinds"][at[known]]
            seen, ngram_at = find(self.weights["ngrams"], _of_class(ngram[known], label))
            count = np.where(seen, self.weights["ngram_counts"][ngram_at], 0)
            p[known] = (count + kinds * p[known]) / (total + kinds)
        return p

    def _keys(
        self, codes: np.ndarray, where: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yields for each length, from 1 up, the history and the n-gram at each character."""
        for length in range(1, self.longest + 1):
            key = np.full(len(where), length, np.uint64)
            for back in range(length - 1, 0, -1):
                key = _mixed(key, codes[where - back])
            yield key, _mixed(key, codes[where])


def _read(texts: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the code points of texts with zeros before each; and where, and in which, each is."""
    before = "\0" * (longest - 1)
    joined = "".join(before + text for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = np.array([len(text) for text in texts], np.int64)
    text = np.repeat(np.arange(len(sizes)), sizes)
    where = np.arange(sizes.sum()) + (longest - 1) * (text + 1)
    return codes.astype(np.uint64), where, text


def _mixed(key: np.ndarray, code: Any) -> np.ndarray:
    """Returns the key of a sequence that is one number longer."""
    key = (key ^ code) * np.uint64(0x9E3779B97F4A7C15)
    return key ^ (key >> np.uint64(29))


def _of_class(key: np.ndarray, label: Any) -> np.ndarray:
    """Returns the keys of n-grams in the model of a class: the same n-gram has one in each."""
    return _mixed(key, np.asarray(label, np.uint64))


def _sorted(parts: Sequence[tuple[np.ndarray, ...]]) -> list[np.ndarray]:
    """Joins keys with what was counted of them, in the order of the keys."""
    keys, *counts = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(keys)
    return [keys[order], *(count[order].astype(np.uint32) for count in counts)]
