"""A stand-in for real baskets: people who shop for breakfast, a barbecue or a baby.

Each basket is of one or two themes, and everyday items are in all of them. So what is in a
basket says more about what else belongs in it than what is bought most.
"""

from __future__ import annotations

import numpy as np

from deepzoo import Baskets

from .baskets import sparse_rows


def _rates(text: str) -> dict[str, float]:
    pairs = (entry.rsplit(maxsplit=1) for entry in text.split(", "))
    return {item: float(rate) for item, rate in pairs}


EVERYDAY = _rates("milk 0.38, bread 0.34, apples 0.22, water 0.2, potatoes 0.16, eggs 0.14")
"""Items that anybody buys, with the fraction of the baskets they are in."""

THEMES = {
    theme: _rates(text)
    for theme, text in {
        "breakfast": "coffee 0.6, jam 0.4, oatmeal 0.35, orange juice 0.45, butter 0.5, honey 0.25",
        "barbecue": "sausages 0.65, steak 0.4, charcoal 0.45, mustard 0.35, beer 0.5, "
        "corn on the cob 0.25",
        "baby": "nappies 0.7, baby food 0.55, wet wipes 0.5, baby powder 0.25, pear puree 0.3, "
        "chamomile tea 0.2",
        "cleaning": "detergent 0.55, sponges 0.45, bin bags 0.4, kitchen roll 0.4, "
        "window cleaner 0.25, rubber gloves 0.2",
        "baking": "flour 0.65, sugar 0.55, baking powder 0.45, vanilla 0.3, chocolate 0.4, "
        "almonds 0.25",
        "pasta": "spaghetti 0.6, tomatoes 0.55, parmesan 0.45, olive oil 0.4, garlic 0.35, "
        "basil 0.3",
        "party": "crisps 0.55, lemonade 0.5, salted nuts 0.4, paper cups 0.35, ice cream 0.35, "
        "sparkling wine 0.3",
        "pets": "cat food 0.6, cat litter 0.5, dog food 0.35, dog treats 0.3, bird seed 0.2",
    }.items()
}
"""Items of each theme, with the fraction of its baskets that they are in."""

_POPULARITY = (0.2, 0.14, 0.08, 0.1, 0.12, 0.16, 0.12, 0.08)
_TWO_THEMES = 0.3  # fraction of the baskets


def shopping_baskets(count: int, seed: int) -> Baskets:
    """Makes `count` baskets with at least one item each.

    Examples:
        >>> baskets = shopping_baskets(2, seed=0)
        >>> [baskets.items[item] for item in baskets.indices[: baskets.indptr[1]]]
        ['bread', 'chocolate', 'sugar', 'vanilla']
    """
    generator = np.random.default_rng(seed)
    items = sorted({*EVERYDAY, *(item for theme in THEMES.values() for item in theme)})
    rates = np.array([[theme.get(item, 0) for item in items] for theme in THEMES.values()])
    everyday = np.array([EVERYDAY.get(item, 0) for item in items])
    first, second = generator.choice(len(THEMES), (2, count), p=_POPULARITY)
    wanted = rates[first]
    both = generator.random(count) < _TWO_THEMES
    wanted[both] = np.maximum(wanted[both], rates[second[both]])
    filled = generator.random(wanted.shape) < np.maximum(wanted, everyday)
    # An empty basket gets the most frequent item of its theme.
    filled[np.arange(count), wanted.argmax(axis=1)] |= ~filled.any(axis=1)
    baskets, numbers = np.nonzero(filled)
    return sparse_rows(items, baskets, numbers, count)
