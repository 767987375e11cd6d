"""Pictures of the recommender: hit rates, a map of the items, and items bought together."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.figure import Figure

    from deepzoo import Run

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")  # Okabe and Ito
RULE = "#dddddd"
LONGEST, TOGETHER = 50, 25
LEAST, MAPPED, NAMED = 3, 1000, 60  # items of a map: at least, at most, and with a name
LINE, LETTER = 0.018, 0.0095  # height of a name and width of a letter, as shares of the map
_NOTHING = 1e-9


def hit_rates(run: Run, *inputs: str) -> Figure:
    """Draws how many hidden items are among the first k, for all k, beside the baselines."""
    import numpy as np
    from matplotlib.figure import Figure

    _refuse("hit-rates", inputs)
    ranks = _all_ranks(run)
    figure = Figure(figsize=(7, 4.5), layout="constrained", facecolor="white")
    axes = figure.subplots()
    longest = min(LONGEST, len(run.preprocessor["items"]))
    ks = np.arange(1, longest + 1)
    for colour, (name, values) in zip(COLOURS, ranks.items(), strict=False):
        shares = (values[:, None] <= ks).mean(axis=0)
        axes.plot(ks, shares, color=colour, lw=2 if colour == COLOURS[0] else 1.2, label=name)
    count = len(next(iter(ranks.values())))
    axes.set_title(
        f"Hidden items among the first k, of {count:,} baskets\n{run.id}",
        loc="left",
        parse_math=False,
    )
    axes.set_xlabel("k, items recommended")
    axes.set_xlim(1, longest)
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.legend(frameon=False, loc="lower right")
    _plain(axes)
    return figure


def item_map(run: Run, *inputs: str) -> Figure:
    """Draws the items so that those which call for the same things lie close together."""
    from matplotlib.figure import Figure

    _refuse("map", inputs)
    counts, names = run.preprocessor["counts"], run.preprocessor["items"]
    items = sorted(range(len(names)), key=lambda one: -counts[one])[:MAPPED]
    if len(items) < LEAST:
        raise DataError(f"A map needs at least {LEAST} items; {run.id} has {len(items)}.")
    places, labels = _places(run, items), [textwrap.shorten(names[one], 30) for one in items]
    figure = Figure(figsize=(8, 7), layout="constrained", facecolor="white")
    axes = figure.subplots()
    sizes = [4 + 120 * counts[item] / max(*counts, 1) for item in items]
    axes.scatter(*places.T, s=sizes, color=COLOURS[0], alpha=0.45, lw=0)
    for place in _apart(places, labels):
        axes.annotate(
            labels[place],
            places[place],
            (3, 2),
            textcoords="offset points",
            fontsize=8,
            parse_math=False,
        )
    axes.set_title(
        f"Items with like recommendations lie close together\n{run.id}",
        loc="left",
        parse_math=False,
    )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_color(RULE)
    return figure


def bought_together(run: Run, *inputs: str) -> Figure:
    """Draws how much more often than by chance the most frequent items are together."""
    import numpy as np
    from matplotlib.figure import Figure

    from .cooccurrence import occurrences, together

    _refuse("together", inputs)
    baskets: Any = run.workload().data.splits.train
    counts = occurrences(baskets)
    chosen = np.argsort(-counts, kind="stable")[:TOGETHER]
    table = np.concatenate([block[:, chosen] for _, block in together(baskets)])[chosen]
    chance = np.outer(counts[chosen], counts[chosen]) / max(len(baskets), 1)
    lift = np.log2((table + 0.5) / (chance + 0.5))
    np.fill_diagonal(lift, np.nan)
    figure = Figure(figsize=(8, 7), layout="constrained", facecolor="white")
    axes = figure.subplots()
    bound = max(1.0, float(np.nanmax(np.abs(lift), initial=0)))
    image = axes.imshow(lift, cmap="PuOr_r", vmin=-bound, vmax=bound)
    names = [baskets.items[item] for item in chosen]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8, parse_math=False)
    axes.set_yticks(range(len(names)), names, fontsize=8, parse_math=False)
    axes.spines[:].set_visible(False)
    axes.set_title(
        f"Bought together, against chance, in {len(baskets):,} training baskets\n{run.id}",
        loc="left",
        parse_math=False,
    )
    bar = figure.colorbar(image, ax=axes, shrink=0.7)
    bar.ax.yaxis.set_major_formatter(lambda value, _: f"x {2**value:.2g}")
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    return figure


def _all_ranks(run: Run) -> dict[str, np.ndarray]:
    """Returns the rank of each hidden item by model, the run's own first."""
    found = {run.model: run.scores()}
    for name in run.baselines:
        found[name] = run.baseline(name).scores()
    if any("rank" not in scores for scores in found.values()):
        raise DataError(f"{run.id} was not scored: its data have no test split.")
    return {name: scores["rank"].values for name, scores in found.items()}


def _places(run: Run, items: Sequence[int]) -> np.ndarray:
    """Lays items out in two dimensions by what each alone calls for, [items, 2]."""
    import numpy as np
    from sklearn.manifold import TSNE

    from .rows import known_scores, scores_of

    alone = np.zeros((len(items), len(run.preprocessor["items"])), np.float32)
    alone[np.arange(len(items)), items] = 1
    network = run.numpy_network or run.network
    scores = known_scores(network, alone, scores_of(network, alone)).astype(np.float64)
    scores = np.log(scores) if (scores > 0).all() else scores
    scores -= scores.mean(axis=0)
    if np.abs(scores).max() < _NOTHING:
        raise DataError(f"{run.id} recommends the same whatever is bought: there is no map.")
    scores /= np.linalg.norm(scores, axis=1, keepdims=True) + _NOTHING
    perplexity = min(12.0, (len(items) - 1) / 3)
    return TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(scores)


def _apart(places: np.ndarray, names: Sequence[str]) -> list[int]:
    """Chooses names that do not hide each other, the first ones first."""
    sizes = places.max(axis=0) - places.min(axis=0)
    chosen: list[int] = []
    for item in range(len(names)):
        free = len(chosen) < NAMED
        for other in chosen if free else ():
            dx, dy = (places[item] - places[other]) / sizes
            longer = names[other] if dx > 0 else names[item]
            free &= abs(dy) > LINE or abs(dx) > LETTER * (len(longer) + 1)
        if free:
            chosen.append(item)
    return chosen


def _refuse(name: str, inputs: tuple[str, ...]) -> None:
    if inputs:
        raise UsageError(f"The picture '{name}' takes no input; received {len(inputs)}.")


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=RULE, lw=0.6)
    axes.set_axisbelow(True)


PLOTS = {"hit-rates": hit_rates, "map": item_map, "together": bought_together}
