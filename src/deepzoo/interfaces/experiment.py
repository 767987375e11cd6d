"""Experiment: a published system as data, so that its figures stand beside ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar


@dataclasses.dataclass(frozen=True)
class Figure:
    """One published number.

    Args:
        metric: The metric's name as our task or history reports it, or words for another one.
        value: The number as published.
        when: The settings it belongs to, qualified (`model.epochs`); empty means all cells.
        note: Conditions that the number alone does not tell.
    """

    metric: str
    value: float
    when: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Published:
    """A published sample: what was asked, what came out, under which settings."""

    prompt: str
    output: str
    when: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Experiment:
    """Base of all experiments: subclasses are data and implement nothing.

    Attributes:
        name: As users type it.
        source: The publication.
        dataset: Name of the dataset.
        model: Name of the model.
        settings: Qualified settings of the published system (`model.units`).
        grid: Qualified settings with the values that were swept.
        figures: The published numbers.
        samples: The published samples.
        claims: Sentences of the publication to test.
    """

    name: ClassVar[str]
    source: ClassVar[str] = ""
    dataset: ClassVar[str]
    model: ClassVar[str]
    settings: ClassVar[Mapping[str, Any]] = {}
    grid: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    figures: ClassVar[tuple[Figure, ...]] = ()
    samples: ClassVar[tuple[Published, ...]] = ()
    claims: ClassVar[tuple[str, ...]] = ()
