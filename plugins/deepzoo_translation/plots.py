"""Pictures of translation: what each written token looked at, and how length matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run

BLUE, ORANGE = "#0072B2", "#D55E00"  # told apart by everyone (Okabe and Ito)
GREY, RULE = "#666666", "#dddddd"
GROUPS = 6
_END, _UNKNOWN = "(end)", "(unknown)"
_CELL = 0.42  # inches of a token


def attention(run: Run, *sentence: str) -> Figure:
    """Draws how much each written token looked at each token of a sentence.

    Args:
        run: A run of a network with attention.
        *sentence: The sentence; without it the first one that was tested.
    """
    if len(sentence) > 1:
        raise UsageError(
            f"The picture has one sentence; received {len(sentence)}.",
            f'Put it in quotes: "{" ".join(sentence)}"',
        )
    if not hasattr(run.network, "attention"):
        raise UsageError(
            f"{run.id} ({run.model}) has no attention to draw.",
            "Runs of transformer-small have.",
        )
    text = sentence[0] if sentence else _tested(run).sources[0]
    read, written, shares = _looked_at(run, text)
    figure, axes = _framed(
        2.6 + _CELL * len(read), 1.4 + _CELL * len(written), "What each token looked at", run.id
    )
    drawn = axes.imshow(shares, cmap="Blues", vmin=0, aspect="auto")
    figure.colorbar(drawn, ax=axes, label="share of its look", format="{x:.0%}")
    axes.set_xlabel("read")
    axes.set_ylabel("written")
    axes.set_xticks(range(len(read)), map(_shown, read), rotation=90, parse_math=False)
    axes.set_yticks(range(len(written)), map(_shown, written), parse_math=False)
    axes.tick_params(length=0)
    axes.spines[:].set_color(RULE)
    return figure


def lengths(run: Run, *inputs: str) -> Figure:
    """Draws chrF by the length of the source, of test and of training sentences."""
    if inputs:
        raise UsageError(f"This picture takes no INPUT; received {', '.join(map(str, inputs))}.")
    test = _tested(run)
    figure, axes = _framed(7, 4, "How length matters", f"{run.id}, with 95 % intervals")
    parts = (
        ("training sentences", ORANGE, test.seen_sources, test.seen_references),
        ("test sentences", BLUE, test.sources, test.references),
    )
    for label, colour, sources, references in parts:
        _draw_lengths(run, axes, sources, references, label, colour)
    axes.set_xlabel("characters of the source")
    axes.set_ylabel("chrF")
    axes.set_ylim(0, 102)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=RULE, lw=0.6)
    axes.legend(frameon=False)
    return figure


PLOTS = {"attention": attention, "lengths": lengths}
"""The pictures by name, as the task offers them."""


def _looked_at(run: Run, text: str) -> tuple[list[str], list[str], np.ndarray]:
    """Returns the tokens read, the tokens written, and how much each looked at each."""
    from .inference import check_sentence
    from .prepare import vocabularies_of

    source, target = vocabularies_of(run.preprocessor)
    tokens = source.encode(check_sentence(text))[: run.spec["source_length"]]
    written = run.network.translate([tokens])[0].tokens
    shares = run.network.attention(tokens, written)
    # What was never seen has a token without a text.
    read = [source.piece(token) or _UNKNOWN for token in tokens]
    return read, [*map(target.piece, written), _END][: len(shares)], shares


def _draw_lengths(
    run: Run,
    axes: Axes,
    sources: Sequence[str],
    references: Sequence[str],
    label: str,
    colour: str,
) -> None:
    """Draws the chrF of groups of about as many sentences, from the shortest to the longest."""
    import numpy as np

    from deepzoo import Scores, summarise

    from .inference import translate
    from .scoring import chrf_values

    outputs = [one.text for one in translate(run.network, run.preprocessor, sources)]
    true, sizes = list(references), np.array([len(source) for source in sources])
    places, values, below, above = [], [], [], []
    for group in np.array_split(np.argsort(sizes, kind="stable"), min(GROUPS, len(sizes))):
        chosen = group.tolist()
        found = chrf_values([outputs[i] for i in chosen], [true[i] for i in chosen])
        value, low, high, _ = summarise(Scores(found))
        places.append(sizes[group].mean())
        values.append(value)
        below.append(max(0.0, value - low) if len(group) > 1 else 0.0)
        above.append(max(0.0, high - value) if len(group) > 1 else 0.0)
    axes.errorbar(places, values, (below, above), fmt="o-", color=colour, capsize=3, label=label)


def _tested(run: Run) -> Any:

    test = run.workload().prepared.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test split.")
    return test


def _framed(width: float, height: float, title: str, subtitle: str) -> tuple[Figure, Axes]:
    """Makes a figure with a title, what it is of below that, and one pair of axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(max(width, 4), height + 0.8), facecolor="white", layout="constrained")
    axes = figure.subplots()
    figure.suptitle(title, x=0.02, ha="left", size=13, weight="bold")
    axes.set_title(_shown(subtitle), loc="left", size=9, color=GREY, parse_math=False)
    return figure, axes


def _shown(text: str) -> str:
    """Names blanks, and replaces what the font cannot draw."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap()
    text = text.strip() or "(blank)"
    return "".join(one if ord(one) in known else "\u25a1" for one in text)
