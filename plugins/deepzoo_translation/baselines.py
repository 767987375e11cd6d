"""The baselines of translation: the source itself, and the translation of the nearest sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge

from deepzoo import Model, setting

if TYPE_CHECKING:
    import numpy as np

_BLOCK = 256  # sentences that are compared together


class CopyNetwork:
    """Returns every sentence unchanged."""

    def fit_arrays(self, inputs: Sequence[str], targets: Sequence[str]) -> None:
        """Learns nothing."""

    def translate_texts(self, sentences: Sequence[str]) -> list[str]:
        """Returns the sentences."""
        return list(sentences)

    def predict(self, inputs: Sequence[str]) -> list[str]:
        """Returns what `translate_texts` does."""
        return self.translate_texts(inputs)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns no arrays."""
        return {}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Refuses all arrays."""
        from deepzoo import check_match

        check_match(self.arrays(), arrays)


class NearestNetwork(CopyNetwork):
    """Translates a sentence as the most similar training sentence is translated.

    Args:
        longest: Length of the longest character n-grams to compare.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.sources: list[str] = []
        self.targets: list[str] = []
        self._index: tuple[Any, Any] | None = None

    def fit_arrays(self, inputs: Sequence[str], targets: Sequence[str]) -> None:
        """Keeps the training pairs."""
        self.sources, self.targets = list(inputs), list(targets)
        self._index = None

    def translate_texts(self, sentences: Sequence[str]) -> list[str]:
        """Returns the translation of the nearest training sentence, of several the first."""
        import numpy as np

        if self._index is None:
            from sklearn.feature_extraction.text import TfidfVectorizer

            vectorizer = TfidfVectorizer(
                analyzer="char_wb", ngram_range=(1, self.longest), sublinear_tf=True
            )
            self._index = vectorizer, vectorizer.fit_transform(self.sources).T.tocsr()
        vectorizer, columns = self._index
        translations: list[str] = []
        for start in range(0, len(sentences), _BLOCK):
            rows = vectorizer.transform(sentences[start : start + _BLOCK])
            nearest = np.asarray((rows @ columns).argmax(axis=1)).ravel()
            translations += [self.targets[index] for index in nearest]
        return translations

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the training pairs as bytes."""
        return {"sources": _to_bytes(self.sources), "targets": _to_bytes(self.targets)}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over stored training pairs."""
        from deepzoo.errors import CheckpointError

        if set(arrays) != {"sources", "targets"} or any(a.ndim != 1 for a in arrays.values()):
            raise CheckpointError(
                f"Expected the arrays `sources` and `targets`, of bytes; received {list(arrays)}."
            )
        self.fit_arrays(_from_bytes(arrays["sources"]), _from_bytes(arrays["targets"]))


def _to_bytes(texts: Sequence[str]) -> np.ndarray:
    """Encodes texts as a row of bytes, each ended by 0xff, which never occurs in UTF-8."""
    import numpy as np

    coded = b"".join(text.encode("utf-8", "surrogatepass") + b"\xff" for text in texts)
    return np.frombuffer(coded, np.uint8)


def _from_bytes(row: np.ndarray) -> list[str]:
    return [text.decode("utf-8", "surrogatepass") for text in row.tobytes().split(b"\xff")[:-1]]


class _Baseline(Model):
    """What both baselines share: they are not trained in steps."""

    task: ClassVar[str] = "translation"
    framework: ClassVar[str] = "numpy"
    defaults = {"epochs": 1}


class CopySource(_Baseline):
    """Copies the source: names and numbers are right, little else is."""

    name = "copy-source"

    def build(self, spec: Mapping[str, Any]) -> CopyNetwork:
        """Builds a network that copies."""
        return CopyNetwork()


class NearestSentence(_Baseline):
    """Looks up the most similar training sentence and returns its translation."""

    name = "nearest-sentence"

    longest_ngram: Annotated[int, Ge(1)] = setting(
        4, "length of the longest character n-grams to compare"
    )

    def build(self, spec: Mapping[str, Any]) -> NearestNetwork:
        """Builds a network that looks sentences up."""
        return NearestNetwork(self.longest_ngram)


BASELINES: tuple[type[Model], ...] = (CopySource, NearestSentence)
