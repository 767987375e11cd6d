"""Experiment: a published system as data, to reproduce it and compare its figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar


@dataclasses.dataclass(frozen=True)
class Figure:
    """A published figure.

    Args:
        metric: Name of a metric in deepzoo's scores or history, or a description of another one.
        value: The number as published.
        when: The qualified settings it belongs to (`model.epochs`), and the `model` where the
            experiment has several; empty if it holds for all.
        note: Conditions of the measurement.
    """

    metric: str
    value: float
    when: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Published:
    """A published sample: the prompt, the output, and the settings of both."""

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
        grid: Qualified settings with the values that were swept; `model` with several models.
        figures: The published figures.
        samples: The published samples.
        claims: Claims of the publication to test, a sentence each.
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

    @classmethod
    def models(cls) -> tuple[str, ...]:
        """Returns the names of all its models."""
        return cls.grid.get("model", (cls.model,))
