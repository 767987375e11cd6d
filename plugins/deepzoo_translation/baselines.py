"""The baselines of translation: the source itself, and the translation of the nearest sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from annotated_types import Ge

from deepzoo import Model, rule, setting


@rule(task="translation")
def copy_source(inputs: Sequence[str]) -> list[str]:
    """Copies the source: names and numbers are right, little else is."""
    return list(inputs)


class NearestSentence(Model):
    """Looks up the most similar training sentence and returns its translation."""

    name = "nearest-sentence"
    network = "numpy_networks:NearestNetwork"
    task: ClassVar[str] = "translation"
    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()

    longest_ngram: Annotated[int, Ge(1)] = setting(
        4, "length of the longest character n-grams to compare"
    )


BASELINES: tuple[type[Model], ...] = (copy_source, NearestSentence)
