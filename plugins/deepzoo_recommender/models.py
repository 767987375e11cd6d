"""Models of the recommender: the published autoencoder, and the network that fills one gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting


class BasketModel(Model):
    """What all models of the recommender share.

    Attributes:
        learns: What it is shown: `baskets`, to give back whole, or with one item `hidden`.
    """

    task: ClassVar[str] = "recommender"
    learns: ClassVar[Literal["baskets", "hidden"]] = "baskets"


class BasketMLP(BasketModel):
    """Our default: one hidden layer that learns to name the items which are missing.

    Every training basket is shown once for each of its items, without it and often without
    others, too; the network learns to tell which ones are hidden: the question that it is
    scored on. Items that it was given are no answer. After the multinomial autoencoder of
    Liang et al. (2018), Variational Autoencoders for Collaborative Filtering, which hides a
    random half and asks for the whole basket.
    """

    name = "basket-mlp"
    learns: ClassVar[Literal["baskets", "hidden"]] = "hidden"

    units: Annotated[int, Ge(1)] = setting(256, "units of the hidden layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.5, "share of the units that is dropped")
    loss: str = setting("cross_entropy", "cross-entropy of the items that are hidden")
    epochs: Annotated[int, Ge(1)] = setting(15, "passes over all items of all training baskets")
    batch_size: Annotated[int, Ge(1)] = setting(32, "views of baskets per step")
    learning_rate: Annotated[float, Gt(0)] = setting(0.0007, "peak step size")
    schedule: Literal["constant", "cosine", "linear"] = setting(
        "cosine", "how the learning rate falls over the planned steps"
    )

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for a number of items."""
        from .networks import build_mlp

        return build_mlp(self, spec)

    def from_arrays(self, spec: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
        """Builds the twin in NumPy."""
        from .numpy_networks import MLPTwin

        return MLPTwin(arrays)


class DenoisingAutoencoder(BasketModel):
    """As published: an autoencoder down to 16 units, which is given only a part of each basket.

    Softsign in the first three layers of encoder and decoder, a sigmoid in the fourth of each;
    a random 40 % of the inputs is dropped in training.
    """

    name = "dae"

    keep: Annotated[float, Gt(0), Le(1)] = setting(
        0.6, "share of the inputs that is kept in training"
    )
    l2: Annotated[float, Ge(0)] = setting(0.00001, "L2 penalty of all matrices")
    epochs: Annotated[int, Ge(1)] = setting(30, "passes over the training split")
    batch_size: Annotated[int, Ge(1)] = setting(10, "baskets per step")
    learning_rate: Annotated[float, Gt(0)] = setting(0.00002, "step size of the update rule")

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for a number of items."""
        from .networks import build_autoencoder

        return build_autoencoder(self, spec)

    def from_arrays(self, spec: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
        """Builds the twin in NumPy."""
        from .numpy_networks import AutoencoderTwin

        return AutoencoderTwin(arrays)


MODELS: tuple[type[Model], ...] = (BasketMLP, DenoisingAutoencoder)
