"""Models of the recommender: the network that names the missing item, and the published one."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting


class BasketModel(Model):
    """Base of all models of the recommender.

    Attributes:
        learns: What it is trained to return: whole `baskets`, or the items that are `hidden`.
        outputs: What its network returns for each item: `logits`, `probabilities` or `values`.
    """

    task: ClassVar[str] = "recommender"
    learns: ClassVar[Literal["baskets", "hidden"]] = "baskets"
    outputs: ClassVar[Any] = "values"


class BasketMLP(BasketModel):
    """The default: one hidden layer, trained to name the items which are missing.

    Every training basket is shown once for each of its items, without it and often without
    others, too; the network learns which ones are hidden: the question that it is scored on.
    Items in the basket are masked. After the multinomial autoencoder of Liang et al. (2018),
    Variational Autoencoders for Collaborative Filtering, which hides a random half and asks
    for the whole basket.
    """

    name = "basket-mlp"
    network = "networks:build_mlp"
    numpy_network = "numpy_networks:NumpyMLP"
    numpy_limit = 1_000
    learns: ClassVar[Literal["baskets", "hidden"]] = "hidden"
    outputs = "logits"
    defaults = {
        "loss": "cross_entropy",
        "epochs": 15,
        "batch_size": 32,
        "learning_rate": 0.0007,
        "schedule": "cosine",
    }

    units: Annotated[int, Ge(1)] = setting(256, "units of the hidden layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.5, "dropout rate after the hidden layer")


class DenoisingAutoencoder(BasketModel):
    """As published: an autoencoder down to 16 units, which is given only a part of each basket.

    Softsign in the first three layers of encoder and decoder, a sigmoid in the fourth of each;
    a random 40 % of the inputs is dropped in training.
    """

    name = "dae"
    network = "networks:build_autoencoder"
    numpy_network = "numpy_networks:NumpyAutoencoder"
    outputs = "probabilities"
    defaults = {"epochs": 30, "batch_size": 10, "learning_rate": 0.00002}

    keep: Annotated[float, Gt(0), Le(1)] = setting(0.6, "fraction of the inputs kept in training")
    l2: Annotated[float, Ge(0)] = setting(0.00001, "L2 penalty of all weight matrices")


MODELS: tuple[type[Model], ...] = (BasketMLP, DenoisingAutoencoder)
