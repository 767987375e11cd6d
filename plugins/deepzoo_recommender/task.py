"""Recommender: say what else belongs in a basket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge

from deepzoo import Baskets, EachLine, Kind, Metric, Prepared, Scores, Task, setting

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Published, Run, Splits

Option = typer.Option
_VALIDATED = 5000  # items that are hidden after each epoch at most


class Recommender(Task):
    """Recommend what else belongs in a basket, after learning from many baskets."""

    name = "recommender"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Baskets,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (Baskets,)
    default_model = "basket-mlp"
    baselines = ("popularity", "item-cosine", "ease")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "ndcg_10": Metric(
            "higher", "1 / log2(rank + 1) of the hidden item, 0 beyond the tenth", ".4f", most=1
        ),
        "hit_rate_10": Metric("higher", "share of hidden items among the first ten", ".2%", most=1),
        "hit_rate_5": Metric("higher", "share of hidden items among the first five", ".2%", most=1),
        "hit_rate_20": Metric(
            "higher", "share of hidden items among the first twenty", ".2%", most=1
        ),
        "mrr": Metric("higher", "mean of 1 / rank of the hidden item", ".4f", most=1),
        "auc": Metric(
            "higher", "share of the other items that the hidden one is above", ".4f", most=1
        ),
        "rank": Metric("lower", "mean rank of the hidden item", ".1f", least=1),
        "coverage": Metric(
            "higher", "share of all items that are in any list of ten", ".1%", most=1
        ),
    }
    loss = "binary_crossentropy"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    evaluate_baskets: Annotated[int, Ge(1)] = setting(
        20_000, "test baskets that are scored at most"
    )
    hidden_seed: Annotated[int, Ge(0)] = setting(
        0, "seed of the draw which item of each test basket is hidden"
    )

    def prepare(self, splits: Splits, model: Model) -> Prepared:
        """Counts the items of the training split, and hides one of each test basket."""
        from .prepare import prepare

        return prepare(splits, model, self.hidden_seed, self.evaluate_baskets)

    def validate(self, network: Any, prepared: Prepared) -> dict[str, float]:
        """Hides each item of each validation basket in turn."""
        from .prepare import hide_each
        from .scoring import gain, hits, ranks

        held_out, weights = hide_each(prepared.validation.inputs, _VALIDATED)
        if not len(held_out):
            return {}
        rank, _, _ = ranks(network, held_out)
        found = {"ndcg_10": gain(rank, 10), "hit_rate_10": hits(rank, 10)}
        return {name: (weights * values).mean() for name, values in found.items()}

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores where each hidden item stands among all that are not in its basket."""
        import numpy as np

        from .scoring import covered, gain, hits, ranks

        rank, unseen, tops = ranks(network, arrays)
        found = {"ndcg_10": gain(rank, 10)}
        found |= {f"hit_rate_{count}": hits(rank, count) for count in (10, 5, 20)}
        found |= {"mrr": 1 / rank, "rank": rank}
        found["auc"] = 1 - (rank - 1) / np.maximum(unseen - 1, 1)
        found["coverage"] = covered(tops, len(arrays.baskets.items))
        return {name: Scores(values) for name, values in found.items()}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Recommends three items for three validation baskets, the same after each epoch."""
        from .inference import progress

        return progress(network, prepared)

    def answer_as_published(self, published: Published, run: Run) -> str | None:
        """Lists the items above the published threshold by name."""
        found = self.predict(run, published.prompt, **published.when)
        return ", ".join(sorted(row["item"] for row in found["recommended"]))

    def predict(
        self,
        run: Run,
        *baskets: Annotated[str | Sequence[str], EachLine],
        k: Annotated[
            int | None,
            Option("-k", min=1, help="items at most; 10, or all of them with a threshold"),
        ] = None,
        threshold: Annotated[
            float | None, Option(help="only items whose score is at least this")
        ] = None,
        keep_known: Annotated[
            bool, Option("--keep-known", help="score the items of the basket, too")
        ] = False,
    ) -> Any:
        """Recommends what else belongs in baskets.

        Args:
            run: A trained run.
            *baskets: Items separated by commas, or lists of items. What the run does not know
                is left out, with a warning.
            k: How many items at most.
            threshold: The least score of an item.
            keep_known: Whether items that are in the basket are scored and listed, too.

        Returns:
            For each basket `recommended`, a list of `item`, `score` and `because`: the items
            of the basket that raise that score most. Scores of the networks are probabilities,
            those of the baselines are on scales of their own. And `unknown`, the items it does
            not know, if there are any.
        """
        from .inference import recommend

        return recommend(run, baskets, k, threshold, keep_known)
