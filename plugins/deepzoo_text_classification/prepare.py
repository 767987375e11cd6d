"""From labelled texts to what networks of text classification learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Prepared
from deepzoo.readers import match_classes

from .ngrams import NGrams
from .tokens import Tokens

if TYPE_CHECKING:
    from deepzoo import Splits

WORDS = 200  # read by a network that does not say how it reads texts


class Whole(NamedTuple):
    """Texts as they are, for models that read strings."""

    @property
    def inputs(self) -> ArraySpec:
        """What networks get for a text."""
        return ArraySpec([], "object")

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Returns the texts as an array of strings, object [n]."""
        rows = np.empty(len(texts), object)
        rows[:] = list(texts)
        return rows


READERS: dict[str, type[NGrams | Tokens | Whole]] = {
    "ngrams": NGrams,
    "tokens": Tokens,
    "whole": Whole,
}


def reader_of(preprocessor: Mapping[str, Any]) -> NGrams | Tokens | Whole:
    """Returns what reads texts, from what a run has stored."""
    options = dict(preprocessor["reader"])
    return READERS[options.pop("name")](**options)


class Encoded(Arrays):
    """Encoded texts, whose rows may be sparse, and the numbers of their classes."""

    def batch(self, indices: np.ndarray) -> tuple[Any, np.ndarray, None]:
        """Returns texts and labels, int64 [n]."""
        return self.inputs[indices], self.targets[indices], None


def prepare(splits: Splits, model: Any, preprocessor: Mapping[str, Any] | None = None) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Labelled texts.
        model: A model of this task; `reader` says how it reads texts, by default 200 words.
        preprocessor: That of a run: its classes are matched by name.

    Raises:
        DataError: No test text is of a class of the run.
    """
    if preprocessor is not None:
        splits = match_classes(splits, preprocessor["classes"])
    texts, classes = splits.train.texts, list(map(str, splits.train.classes))
    if preprocessor is None:
        make = getattr(model, "reader", None)
        reader = make(texts) if make else Tokens("words", WORDS).fit(texts)
        name = next(name for name, kind in READERS.items() if kind is type(reader))
        preprocessor = {"classes": classes, "reader": {"name": name, **reader._asdict()}}
    else:
        reader = reader_of(preprocessor)
    train, validation, test = (
        Encoded(reader.encode(part.texts), part.labels)
        for part in (splits.train, splits.validation, splits.test)
    )
    spec = Example(
        inputs=reader.inputs,
        targets=ArraySpec([], "int64", 0, len(classes) - 1),
        outputs=getattr(model, "outputs", "logits"),
        classes=len(classes),
    )
    if isinstance(reader, Tokens):
        spec |= {"length": reader.length, "vocabulary": len(reader.names) + 2}
    return Prepared(train, validation, test, dict(preprocessor), spec)
