"""From the names of items to recommendations, by whatever network a run has."""

from __future__ import annotations

import csv
import difflib
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deepzoo.errors import UsageError

from .baskets import Names, at_least, blocks, dense, spelled
from .scoring import best_items, is_masked, scores_of, scores_without, unmasked

if TYPE_CHECKING:
    from deepzoo import Prepared, Run

logger = logging.getLogger("deepzoo")
USUAL = 10  # items recommended by default
REASONS = 2  # items of the basket named as the reason, at most
_MOST_NAMED = 5  # unknown items in a warning
_LEAST = 1e-6  # smallest probability to divide by
_SHOWN, _ITEMS = 3, 3  # baskets in a progress sample, and items for each


class Query(NamedTuple):
    """A basket as numbers of items, and the names that are not known."""

    items: list[int]
    unknown: list[str]


def look_up(baskets: Sequence[str | Sequence[str]], items: Sequence[str]) -> list[Query]:
    """Looks up the items of baskets among those that a run knows; each counts once in a basket.

    Raises:
        UsageError: A basket is empty, or neither text nor a list of texts.
    """
    number_of, queries = Names(items).number, []
    for number, basket in enumerate(baskets, 1):
        names = [spelled(name) for name in _names(basket, number)]
        names = list(dict.fromkeys(name for name in names if name))
        if not names:
            raise UsageError(
                f"Basket {number} is empty, expected items separated by commas; "
                f"received {basket!r:.60}."
            )
        known = dict.fromkeys(item for name in names if (item := number_of(name)) is not None)
        queries.append(Query(list(known), [name for name in names if number_of(name) is None]))
    return queries


def recommend(
    run: Run,
    baskets: Sequence[str | Sequence[str]],
    k: int | None,
    threshold: float | None,
    keep_known: bool,
) -> list[dict[str, Any]]:
    """Recommends items; see `Recommender.predict`."""
    names = run.preprocessor["items"]
    queries = look_up(baskets, names)
    _warn(queries, names)
    most = k or (len(names) if threshold is not None else USUAL)
    network, answers = run.network_for(len(queries)), []
    for part in blocks(len(queries), len(names)):
        rows = rows_of(queries[part], len(names))
        plain = scores_of(network, rows)
        scores = unmasked(network, rows, plain) if keep_known else plain
        allowed = ~is_masked(scores) if keep_known else rows == 0
        if threshold is not None:
            allowed &= scores >= threshold
        tops = best_items(scores, allowed, most)
        reasons = explain(network, rows, plain, tops)
        for query, row, top, because in zip(queries[part], scores, tops, reasons, strict=True):
            recommended = [
                {
                    "item": names[item],
                    "score": float(row[item]),
                    "because": [names[reason] for reason in chosen],
                }
                for item, chosen in zip(top.tolist(), because, strict=True)
            ]
            unknown = {"unknown": query.unknown} if query.unknown else {}
            answers.append({"recommended": recommended, **unknown})
    return answers


def rows_of(queries: Sequence[Query], items: int) -> np.ndarray:
    """Returns baskets as a network reads them: zeros and ones, float32 [n, items]."""
    rows = np.zeros((len(queries), items), np.float32)
    for row, query in zip(rows, queries, strict=True):
        row[query.items] = 1
    return rows


def explain(
    network: Any, rows: np.ndarray, scores: np.ndarray, tops: Sequence[np.ndarray]
) -> list[list[np.ndarray]]:
    """Finds for each recommended item the items of the basket that raise its score most.

    The effect of an item on a score is how much the score falls without it. A network that masks
    the basket gives the item that is taken out a probability: the others are scaled up by it
    before they are compared.

    Args:
        network: Any network of this task.
        rows: Baskets as zeros and ones [n, items].
        scores: The network's scores [n, items].
        tops: Numbers of the items recommended for each basket, which get two reasons at most.
    """
    baskets, items = np.nonzero(rows)
    effects = []  # of each item in a basket on the recommended ones
    for part, lower, own in scores_without(network, rows, baskets, items):
        masked = is_masked(scores[baskets[part], items[part]])
        lower = lower / np.where(masked, np.maximum(1 - own, _LEAST), 1)[:, None]
        effects += [
            scores[basket, tops[basket]] - row[tops[basket]]
            for basket, row in zip(baskets[part].tolist(), lower, strict=True)
        ]
    reasons, start = [], 0
    for row, top in zip(rows, tops, strict=True):
        known = np.flatnonzero(row)
        table = np.array(effects[start : start + len(known)]).reshape(len(known), len(top))
        start += len(known)
        order = np.argsort(-table, axis=0, kind="stable")
        raised = np.take_along_axis(table, order, 0) > 0
        raised &= known[order] != top
        reasons.append([known[order[yes, column]][:REASONS] for column, yes in enumerate(raised.T)])
    return reasons


def progress(network: Any, prepared: Prepared) -> str | None:
    """Writes three validation baskets and the three items that go with each."""
    baskets: Any = at_least(prepared.validation.inputs, 2)
    if not len(baskets):
        return None
    rows = dense(baskets.take(range(min(_SHOWN, len(baskets)))))
    tops = best_items(scores_of(network, rows), rows == 0, _ITEMS)

    def text(numbers: np.ndarray) -> str:
        return ", ".join(baskets.items[number] for number in numbers.tolist())

    return "\n".join(
        f"{text(np.flatnonzero(row))} -> {text(top)}" for row, top in zip(rows, tops, strict=True)
    )


def _names(basket: str | Sequence[str], number: int) -> list[str]:
    """Returns the names in a basket: cells between commas, or tabs, or those of a list."""
    if isinstance(basket, str):
        text = basket.replace("\n", " ")
        if "\t" in text:
            return text.split("\t")
        try:
            return next(csv.reader([text], skipinitialspace=True), [])
        except csv.Error as error:
            raise UsageError(f"Basket {number} cannot be read: {error}.") from None
    return list(basket)


def _warn(queries: Sequence[Query], items: Sequence[str]) -> None:
    """Names the items that are not known, and the baskets without a known item."""
    names = list(dict.fromkeys(name for query in queries for name in query.unknown))
    if names:
        shown, spellings = [], {name.casefold(): name for name in items}
        for name in names[:_MOST_NAMED]:
            close = difflib.get_close_matches(name.casefold(), spellings, n=1)
            meant = f" (did you mean {spellings[close[0]]!r}?)" if close else ""
            shown.append(f"{name!r}{meant}")
        others = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        logger.warning(f"Unknown items: {', '.join(shown)}{others}.")
    without = [number for number, query in enumerate(queries, 1) if not query.items]
    if without:
        which = f"basket {without[0]}" if len(without) == 1 else f"{len(without)} baskets"
        logger.warning(f"No item of {which} is known: popular items are recommended.")
