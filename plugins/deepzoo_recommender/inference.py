"""From the names of items to recommendations, by whatever network a run has."""

from __future__ import annotations

import csv
import difflib
import logging
import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deepzoo.errors import UsageError

from .rows import as_baskets, blocks, dense, known_scores, left_out, ranked, scores_of

if TYPE_CHECKING:
    from deepzoo import Prepared, Run

logger = logging.getLogger("deepzoo")
USUAL = 10  # items that are recommended, if nobody says how many
REASONS = 2  # items of the basket that are named as the reason
_MOST_NAMED = 5
_LEAST = 1e-6  # of a probability that is divided by
_SHOWN, _ITEMS = 3, 3  # of a sample: baskets, and items for each


class Asked(NamedTuple):
    """A basket as numbers of items, and the names that are not known."""

    items: list[int]
    unknown: list[str]


def recommend(
    run: Run,
    baskets: Sequence[str | Sequence[str]],
    k: int | None,
    threshold: float | None,
    keep_known: bool,
) -> Any:
    """Recommends items; see `Recommender.predict`.

    Returns:
        One dictionary for one basket, else a list of them.
    """
    if not baskets:
        raise UsageError("There is no basket: expected at least one, items separated by commas.")
    if k is not None and (not isinstance(k, int) or k < 1):
        raise UsageError(f"k is {k!r}, expected a whole number of at least 1.")
    if threshold is not None and not (
        isinstance(threshold, (int, float)) and math.isfinite(threshold)
    ):
        raise UsageError(f"threshold is {threshold!r}, expected a number.")
    catalogue = Catalogue(run.preprocessor["items"])
    asked = [catalogue.find(basket, number) for number, basket in enumerate(baskets, 1)]
    _warn(asked, catalogue)
    most = k or (len(catalogue.items) if threshold is not None else USUAL)
    network, found = (run.numpy_network or run.network), []
    for part in blocks(len(asked), len(catalogue.items)):
        chosen = asked[part]
        rows = dense(as_baskets(catalogue.items, [one.items for one in chosen]))
        lists = _best(network, catalogue, rows, most, threshold, keep_known)
        for one, listed in zip(chosen, lists, strict=True):
            unknown = {"unknown": one.unknown} if one.unknown else {}
            found.append({"recommended": listed, **unknown})
    return found[0] if len(baskets) == 1 else found


def _best(
    network: Any,
    catalogue: Catalogue,
    rows: np.ndarray,
    most: int,
    threshold: float | None,
    keep_known: bool,
) -> list[list[dict[str, Any]]]:
    """Lists for each basket, zeros and ones [n, items], the best items with their reasons."""
    plain = scores_of(network, rows)
    scores = known_scores(network, rows, plain) if keep_known else plain
    allowed = ~left_out(scores) if keep_known else rows == 0
    if threshold is not None:
        allowed &= scores >= threshold
    tops = ranked(scores, allowed, most)
    reasons = because(network, rows, plain, tops)
    return list(map(catalogue.named, scores, tops, reasons))


class Catalogue:
    """The items that a run knows.

    Args:
        items: Their names, in the order of the run's columns.
    """

    def __init__(self, items: Sequence[str]) -> None:
        self.items = items
        self.numbers = {name: number for number, name in enumerate(items)}
        # Where two items differ in case alone, only their own spelling finds them.
        folded = [name.casefold() for name in items]
        counts = Counter(folded)
        self.folded = {name: place for place, name in enumerate(folded) if counts[name] == 1}
        self.spellings = dict(zip(folded, items, strict=True))

    def find(self, basket: str | Sequence[str], number: int) -> Asked:
        """Looks up the items of a basket; each counts once.

        Raises:
            UsageError: There is nothing in it, or it is neither text nor a list of texts.
        """
        names = [" ".join(name.split()) for name in _names(basket, number)]
        names = list(dict.fromkeys(name for name in names if name))
        if not names:
            raise UsageError(
                f"Basket {number} is empty, expected items separated by commas; "
                f"received {basket!r:.60}."
            )
        places = [self.numbers.get(one, self.folded.get(one.casefold())) for one in names]
        known = dict.fromkeys(place for place in places if place is not None)
        unknown = [name for name, place in zip(names, places, strict=True) if place is None]
        return Asked(list(known), unknown)

    def nearest(self, name: str) -> str:
        """Returns ` (did you mean 'x'?)` for the item most like a name, or nothing."""
        close = difflib.get_close_matches(name.casefold(), self.spellings, n=1)
        return f" (did you mean {self.spellings[close[0]]!r}?)" if close else ""

    def named(
        self, scores: np.ndarray, top: np.ndarray, reasons: Sequence[np.ndarray]
    ) -> list[dict[str, Any]]:
        """Names recommended items, their scores, and the items that speak for them."""
        return [
            {
                "item": self.items[item],
                "score": float(scores[item]),
                "because": [self.items[reason] for reason in why],
            }
            for item, why in zip(top.tolist(), reasons, strict=True)
        ]


def because(
    network: Any, rows: np.ndarray, scores: np.ndarray, tops: Sequence[np.ndarray]
) -> list[list[np.ndarray]]:
    """Finds for each recommended item the items of the basket that raise its score most.

    How much an item raises a score is how much lower that is without it. Where a network shares
    probability among what is not in the basket, the item that is taken out gets a part of it:
    that part is shared out among the others first.

    Args:
        network: Any network of this task.
        rows: Baskets as zeros and ones [n, items].
        scores: What the network says of them [n, items].
        tops: Numbers of the items recommended to each.

    Returns:
        For each basket and recommended item, numbers of at most two items.
    """
    baskets, items = np.nonzero(rows)
    found: list[list[np.ndarray]] = [[np.zeros(0, int) for _ in top] for top in tops]
    raised: dict[int, tuple[list[int], list[np.ndarray]]] = {}
    for part in blocks(len(baskets), rows.shape[1]):
        without, places = rows[baskets[part]], np.arange(part.stop - part.start)
        without[places, items[part]] = 0
        lower = scores_of(network, without)
        own = lower[places, items[part]]
        shared = left_out(scores[baskets[part], items[part]])
        lower = lower / np.where(shared, np.maximum(1 - own, _LEAST), 1)[:, None]
        entries = zip(baskets[part].tolist(), items[part].tolist(), strict=True)
        for (basket, item), row in zip(entries, lower, strict=True):
            known, effects = raised.setdefault(basket, ([], []))
            known.append(item)
            effects.append(scores[basket, tops[basket]] - row[tops[basket]])
    for basket, (known, effects) in raised.items():
        table = np.array(effects)
        for place, item in enumerate(tops[basket].tolist()):
            order = np.argsort(-table[:, place], kind="stable")
            speaks = [known[one] for one in order if table[one, place] > 0 and known[one] != item]
            found[basket][place] = np.array(speaks[:REASONS], int)
    return found


def progress(network: Any, prepared: Prepared) -> str | None:
    """Writes three validation baskets and the three items that go with each."""
    baskets: Any = prepared.validation.inputs
    large = np.flatnonzero(np.diff(baskets.indptr) > 1)[:_SHOWN]
    if not len(large):
        return None
    rows = dense(baskets.take(large))
    tops = ranked(scores_of(network, rows), rows == 0, _ITEMS)

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
    if not isinstance(basket, (list, tuple, set, frozenset)):
        raise UsageError(
            f"Basket {number} must be a text or a list of texts; received {type(basket).__name__}."
        )
    for name in basket:
        if not isinstance(name, str):
            raise UsageError(f"Basket {number} has an item that is no text: {name!r:.60}.")
    return list(basket)


def _warn(asked: Sequence[Asked], catalogue: Catalogue) -> None:
    """Names the items that are not known, and the baskets of which none is."""
    names = list(dict.fromkeys(name for one in asked for name in one.unknown))
    if names:
        shown = ", ".join(f"{name!r}{catalogue.nearest(name)}" for name in names[:_MOST_NAMED])
        others = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        logger.warning(f"Unknown items: {shown}{others}.")
    nothing = [number for number, one in enumerate(asked, 1) if not one.items]
    if nothing:
        which = f"basket {nothing[0]}" if len(nothing) == 1 else f"{len(nothing)} baskets"
        logger.warning(f"No item of {which} is known: what is popular is recommended.")
