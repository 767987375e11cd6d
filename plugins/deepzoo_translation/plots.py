"""Plots of translation: attention weights, and quality by the length of the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run, TextPairs

BLUE, ORANGE = "#0072B2", "#D55E00"  # told apart by everyone (Okabe and Ito)
GREY, RULE = "#666666", "#dddddd"
GROUPS = 6
_CELL = 0.42  # inches of a token


def attention(run: Run, *sentence: str) -> Figure:
    """Draws the attention weight of each source token for each output token.

    Args:
        run: A run of a network with attention.
        *sentence: The sentence; without it the first sentence of the test split.
    """
    from .inference import check_sentence
    from .prepare import vocabularies_of

    if len(sentence) > 1:
        raise UsageError(
            f"The plot takes one sentence; received {len(sentence)}.",
            f'Put it in quotes: "{" ".join(sentence)}"',
        )
    if not hasattr(run.network, "attention_weights"):
        raise UsageError(
            f"{run.id} ({run.model}) has no attention to draw.",
            "Runs of transformer-small have.",
        )
    text = check_sentence(sentence[0] if sentence else _test_split(run).sources[0])
    source, target = vocabularies_of(run.preprocessor)
    tokens = source.encode(text)[: run.spec["source_length"]]
    written = run.network.translate([tokens])[0].tokens
    weights = run.network.attention_weights(tokens, written)
    # Unknown characters have a token without a text.
    read = [source.piece(token) or "(unknown)" for token in tokens]
    outputs = [*map(target.piece, written), "(end)"][: len(weights)]
    figure, axes = _titled(
        2.6 + _CELL * len(read), 1.4 + _CELL * len(outputs), "Attention to the source", run.id
    )
    image = axes.imshow(weights, cmap="Blues", vmin=0, aspect="auto")
    figure.colorbar(image, ax=axes, label="attention weight", format="{x:.0%}")
    axes.set_xlabel("source token")
    axes.set_ylabel("output token")
    axes.set_xticks(range(len(read)), map(_drawable, read), rotation=90, parse_math=False)
    axes.set_yticks(range(len(outputs)), map(_drawable, outputs), parse_math=False)
    axes.tick_params(length=0)
    axes.spines[:].set_color(RULE)
    return figure


def lengths(run: Run, *inputs: str) -> Figure:
    """Draws chrF by the length of the source, for test and for training sentences."""
    if inputs:
        raise UsageError(f"This plot takes no INPUT; received {', '.join(map(str, inputs))}.")
    test = _test_split(run)
    figure, axes = _titled(7, 4, "chrF by length", f"{run.id}, with 95 % intervals")
    _draw_lengths(run, axes, test.seen, label="training sentences", color=ORANGE)
    _draw_lengths(run, axes, test, label="test sentences", color=BLUE)
    axes.set_xlabel("characters of the source")
    axes.set_ylabel("chrF")
    axes.set_ylim(0, 102)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=RULE, lw=0.6)
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

    outputs = [text for text, _ in translate(run.network, run.preprocessor, pairs.sources)]
    sizes = np.array([len(source) for source in pairs.sources])
    centres, values, below, above = [], [], [], []
    for group in np.array_split(np.argsort(sizes, kind="stable"), min(GROUPS, len(sizes))):
        scores = chrf_scores([outputs[i] for i in group], pairs.take(group).targets)
        value, low, high, _ = summarise(scores)
        centres.append(sizes[group].mean())
        values.append(value)
        below.append(max(0.0, value - low) if len(group) > 1 else 0.0)
        above.append(max(0.0, high - value) if len(group) > 1 else 0.0)
    axes.errorbar(centres, values, (below, above), fmt="o-", capsize=3, **style)


def _test_split(run: Run) -> Any:
    test = run.workload().prepared.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test split.")
    return test


def _titled(width: float, height: float, title: str, subtitle: str) -> tuple[Figure, Axes]:
    """Makes a figure with a title, a subtitle and one pair of axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(max(width, 4), height + 0.8), facecolor="white", layout="constrained")
    axes = figure.subplots()
    figure.suptitle(title, x=0.02, ha="left", size=13, weight="bold")
    axes.set_title(_drawable(subtitle), loc="left", size=9, color=GREY, parse_math=False)
    return figure, axes


def _drawable(text: str) -> str:
    """Names blanks, and replaces what the font cannot draw."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap()
    text = text.strip() or "(blank)"
    return "".join(letter if ord(letter) in known else "\u25a1" for letter in text)
