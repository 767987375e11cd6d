"""The baselines of the recommender, all of them in closed form."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import Ge, Gt

from deepzoo import Model, setting

from .models import BasketModel


class _Baseline(BasketModel):
    """Fitted at once, without steps."""

    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()


class Popularity(_Baseline):
    """Recommends the most frequent items, whatever is in the basket."""

    name = "popularity"
    network = "numpy_networks:PopularityNetwork"


class ItemCosine(_Baseline):
    """Recommends items that are in the same baskets as those in this one.

    The similarity of two items is the cosine of the angle between their columns (Sarwar et al.,
    2001, Item-based collaborative filtering recommendation algorithms). It is computed in blocks
    and needs little memory however many items there are.
    """

    name = "item-cosine"
    network = "numpy_networks:CosineNetwork"

    neighbours: Annotated[int, Ge(1)] = setting(200, "most similar items kept per item")


class Ease(_Baseline):
    """Recommends by the best linear combination of the items in the basket.

    A linear autoencoder that must not predict an item from itself, in closed form (Steck, 2019,
    Embarrassingly Shallow Autoencoders for Sparse Data), plus the popularity of each item, as
    small baskets say little. It inverts a matrix of all items by all items.
    """

    name = "ease"
    network = "numpy_networks:EaseNetwork"

    penalty: Annotated[float, Gt(0)] = setting(200.0, "L2 penalty: added to the diagonal")
    popularity: Annotated[float, Ge(0)] = setting(1.0, "weight of an item's popularity")


BASELINES: tuple[type[Model], ...] = (Popularity, ItemCosine, Ease)
