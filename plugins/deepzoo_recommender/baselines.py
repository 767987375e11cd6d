"""The baselines of the recommender, all of them in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Gt

from deepzoo import Model, setting

from .models import BasketModel

if TYPE_CHECKING:
    from .closed_forms import CosineNetwork, EaseNetwork, PopularityNetwork


class _Baseline(BasketModel):
    """What all have in common: fitted at once, no steps."""

    framework: ClassVar[str] = "numpy"

    epochs: Annotated[int, Ge(1)] = setting(1, "one: fitted at once")


class Popularity(_Baseline):
    """Recommends what most baskets have, whatever is in this one."""

    name = "popularity"

    def build(self, spec: Mapping[str, Any]) -> PopularityNetwork:
        """Builds an empty count."""
        from .closed_forms import PopularityNetwork

        return PopularityNetwork(spec["items"])


class ItemCosine(_Baseline):
    """Recommends items that are in the same baskets as those in this one.

    How alike two items are is the cosine of the angle between their columns (Sarwar et al.,
    2001, Item-based collaborative filtering recommendation algorithms). It is worked out in
    parts, and needs little memory however many items there are.
    """

    name = "item-cosine"

    neighbours: Annotated[int, Ge(1)] = setting(200, "most similar items of each that are kept")

    def build(self, spec: Mapping[str, Any]) -> CosineNetwork:
        """Builds an empty table of similar items."""
        from .closed_forms import CosineNetwork

        return CosineNetwork(spec["items"], self.neighbours)


class Ease(_Baseline):
    """Recommends by the best linear combination of the items in the basket.

    A linear autoencoder that may not copy an item from itself, in closed form (Steck, 2019,
    Embarrassingly Shallow Autoencoders for Sparse Data), plus how popular each item is: small
    baskets say little. It inverts a matrix of all items by all items.
    """

    name = "ease"

    penalty: Annotated[float, Gt(0)] = setting(200.0, "added to the diagonal of the counts")
    popularity: Annotated[float, Ge(0)] = setting(1.0, "how much an item's share of baskets counts")

    def build(self, spec: Mapping[str, Any]) -> EaseNetwork:
        """Builds an empty matrix, if there is memory for it."""
        from .closed_forms import EaseNetwork

        return EaseNetwork(spec["items"], self.penalty, self.popularity)


BASELINES: tuple[type[Model], ...] = (Popularity, ItemCosine, Ease)
