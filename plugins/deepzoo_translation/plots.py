"""Plots of translation: attention weights, and quality by the length of the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError
from deepzoo.figures import BLUE, ORANGE, RULE, clean, framed, percent, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run, TextPairs

GROUPS = 6
LETTERS = 20  # of a token
_CELL = 0.42  # inches of a token


def attention(run: Run, sentence: str | None = None) -> Figure:
    """Draws the attention weight of each source token for each output token.

    Args:
        run: A run of a network with attention.
        sentence: The sentence; without it the first sentence of the test split.
    """
    from .inference import check_sentence
    from .prepare import vocabularies_of

    network = run.network_for(1)
    if not hasattr(network, "attention_weights"):
        raise UsageError(
            f"{run.id} ({run.model}) has no attention to draw.",
            "Runs of transformer-small have.",
        )
    text = check_sentence(_test_split(run).sources[0] if sentence is None else sentence)
    source, target = vocabularies_of(run.preprocessor)
    tokens = source.encode(text)[: run.spec["source_length"]]
    written = network.translate([tokens])[0].tokens
    weights = network.attention_weights(tokens, written)
    # Unknown characters have a token without a text.
    read = [_name(source.piece(token) or "(unknown)") for token in tokens]
    outputs = [*map(_name, map(target.piece, written)), "(end)"][: len(weights)]
    figure, axes = framed(
        max(4, 2.6 + _CELL * len(read)),
        1.4 + _CELL * len(outputs),
        "Attention to the source",
        run.id,
        f"1 sentence, {len(read)} source and {len(outputs)} output tokens",
    )
    image = axes.imshow(weights, cmap="Blues", vmin=0, aspect="auto")
    figure.colorbar(image, ax=axes, label="attention weight", format=percent)
    axes.set_xlabel("source token")
    axes.set_ylabel("output token")
    axes.set_xticks(range(len(read)), read, rotation=90, parse_math=False)
    axes.set_yticks(range(len(outputs)), outputs, parse_math=False)
    axes.tick_params(length=0)
    axes.spines[:].set_color(RULE)
    return figure


def lengths(run: Run) -> Figure:
    """Draws chrF by the length of the source, for test and for training sentences."""
    test = _test_split(run)
    facts = f"{len(test):,} test sentences", "with 95 % intervals"
    figure, axes = framed(7, 4, "chrF by length", run.id, *facts)
    _draw_lengths(run, axes, test.seen, label="training sentences", color=ORANGE)
    _draw_lengths(run, axes, test, label="test sentences", color=BLUE)
    axes.set_xlabel("characters of the source")
    axes.set_ylabel("chrF")
    axes.set_ylim(0, 102)
    clean(axes)
    axes.legend(frameon=False)
    return figure


PLOTS = {"attention": attention, "lengths": lengths}
"""The plots by name, as the task offers them."""


def _draw_lengths(run: Run, axes: Axes, pairs: TextPairs, **style: Any) -> None:
    """Draws the chrF of groups of equal size, from the shortest to the longest sentences."""
    import numpy as np

    from deepzoo import summarise

    from .inference import translate
    from .scoring import chrf_scores

    network = run.network_for(len(pairs))
    outputs = [text for text, _ in translate(network, run.preprocessor, pairs.sources)]
    sizes = np.array([len(source) for source in pairs.sources])
    points = []
    for group in np.array_split(np.argsort(sizes, kind="stable"), min(GROUPS, len(sizes))):
        scores = chrf_scores([outputs[i] for i in group], pairs.take(group).targets)
        value, low, high, _ = summarise(scores)
        ends = (value - low, high - value) if len(group) > 1 else (0.0, 0.0)
        points.append((sizes[group].mean(), value, *np.maximum(ends, 0.0)))
    centres, values, below, above = zip(*points, strict=True)
    axes.errorbar(centres, values, (below, above), fmt="o-", capsize=3, **style)


def _name(token: str) -> str:
    return shortened(token, LETTERS).strip() or "(blank)"


def _test_split(run: Run) -> Any:
    test = run.workload().prepared.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test split.")
    return test
