"""Pictures of the recommender: hit rates, a map of the items, and items bought together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from deepzoo.errors import DataError
from deepzoo.figures import BLUE, COLOURS, RULE, clean, framed, percent, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.figure import Figure

    from deepzoo import Run

LONGEST, TOGETHER = 50, 25  # items in a list, and in the table of items bought together
LETTERS = 30  # of a name
LEAST, MAPPED, NAMED = 3, 1000, 60  # items of a map: minimum, maximum, and with a name
LINE, LETTER = 0.018, 0.0095  # height of a name and width of a letter, as fractions of the map
_NOTHING = 1e-9


def hit_rates(run: Run) -> Figure:
    """Draws the fraction of hidden items among the first k, for all k, beside the baselines."""
    import numpy as np

    scores = {run.model: run.scores()}
    scores |= {name: run.baseline(name).scores() for name in run.baselines}
    if any("rank" not in values for values in scores.values()):
        raise DataError(f"{run.id} has no scores: its data have no test split.")
    count = len(scores[run.model]["rank"].values)
    figure, axes = framed(7, 4.5, "Hit rate at k", run.id, f"{count:,} test baskets")
    longest = min(LONGEST, len(run.preprocessor["items"]))
    ks = np.arange(1, longest + 1)
    for colour, (name, values) in zip(COLOURS, scores.items(), strict=False):
        rates = (values["rank"].values[:, None] <= ks).mean(axis=0)
        axes.plot(ks, rates, color=colour, lw=2 if colour == BLUE else 1.2, label=name)
    axes.set_xlabel("k, items recommended")
    axes.set_xlim(1, longest)
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(percent)
    axes.legend(frameon=False, loc="lower right")
    clean(axes, grid="y")
    return figure


def item_map(run: Run) -> Figure:
    """Draws a map of the items; those with similar recommendations lie close together."""
    counts, names = run.preprocessor["counts"], run.preprocessor["items"]
    items = sorted(range(len(names)), key=lambda item: -counts[item])[:MAPPED]
    if len(items) < LEAST:
        raise DataError(f"A map needs at least {LEAST} items; {run.id} has {len(items)}.")
    points, labels = _layout(run, items), [shortened(names[item], LETTERS) for item in items]
    facts = f"{len(items):,} items", "those with similar recommendations lie close together"
    figure, axes = framed(8, 7, "Map of the items", run.id, *facts)
    sizes = [4 + 120 * counts[item] / max(*counts, 1) for item in items]
    axes.scatter(*points.T, s=sizes, color=BLUE, alpha=0.45, lw=0)
    for index, side in _readable(points, labels).items():
        axes.annotate(
            labels[index],
            points[index],
            (3, 2) if side == "left" else (-3, 2),
            textcoords="offset points",
            ha=side,
            fontsize=8,
            parse_math=False,
        )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_color(RULE)
    return figure


def bought_together(run: Run) -> Figure:
    """Draws how much more often than by chance the most frequent items are together."""
    import numpy as np

    from .baskets import cooccurrences, occurrences, sparse_matrix

    baskets: Any = run.workload().data.splits.train
    counts = occurrences(baskets)
    chosen = np.argsort(-counts, kind="stable")[:TOGETHER]
    table = np.concatenate(
        [block[:, chosen] for _, block in cooccurrences(sparse_matrix(baskets))]
    )[chosen]
    chance = np.outer(counts[chosen], counts[chosen]) / max(len(baskets), 1)
    lift = np.log2((table + 0.5) / (chance + 0.5))
    np.fill_diagonal(lift, np.nan)
    facts = f"{len(baskets):,} training baskets", "how often, relative to chance"
    figure, axes = framed(8, 7, "Bought together", run.id, *facts)
    bound = max(1.0, float(np.nanmax(np.abs(lift), initial=0)))
    image = axes.imshow(lift, cmap="PuOr_r", vmin=-bound, vmax=bound)
    names = [shortened(baskets.items[item], LETTERS) for item in chosen]
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8, parse_math=False)
    axes.set_yticks(range(len(names)), names, fontsize=8, parse_math=False)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, shrink=0.7)
    bar.ax.yaxis.set_major_formatter(lambda value, _: f"x {2**value:.2g}")
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    return figure


def _layout(run: Run, items: Sequence[int]) -> np.ndarray:
    """Lays items out in two dimensions by the recommendations for each alone, [items, 2]."""
    import numpy as np
    from sklearn.manifold import TSNE

    from .scoring import scores_of, unmasked

    alone = np.zeros((len(items), len(run.preprocessor["items"])), np.float32)
    alone[np.arange(len(items)), items] = 1
    network = run.numpy_network or run.network
    scores = unmasked(network, alone, scores_of(network, alone)).astype(np.float64)
    scores = np.log(scores) if (scores > 0).all() else scores
    scores -= scores.mean(axis=0)
    if np.abs(scores).max() < _NOTHING:
        raise DataError(f"{run.id} recommends the same for every basket: there is no map.")
    scores /= np.linalg.norm(scores, axis=1, keepdims=True) + _NOTHING
    perplexity = min(12.0, (len(items) - 1) / 3)
    return TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(scores)


def _readable(points: np.ndarray, names: Sequence[str]) -> dict[int, Literal["left", "right"]]:
    """Chooses names that do not overlap, the first ones first, and which end is at the point.

    A name begins at its point, or ends there where it would leave the map.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    chosen: dict[int, Literal["left", "right"]] = {}
    taken: list[tuple[float, float, float]] = []  # left and right end, and height
    for item, (x, y) in enumerate(((points - low) / (high - low)).tolist()):
        width = LETTER * (len(names[item]) + 1)
        start = x if x + width <= 1 else x - width
        free = all(
            abs(y - other) > LINE or start > right or left > start + width
            for left, right, other in taken
        )
        if free and len(chosen) < NAMED:
            chosen[item] = "left" if start == x else "right"
            taken.append((start, start + width, y))
    return chosen


PLOTS = {"hit-rates": hit_rates, "map": item_map, "together": bought_together}
