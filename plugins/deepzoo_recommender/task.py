"""Recommender: what else belongs in a basket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge

from deepzoo import Baskets, EachLine, Kind, Metric, Prepared, Scores, Task, setting, verb

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Published, Run, Splits

Option = typer.Option
_VALIDATED = 5000  # items hidden after each epoch, at most


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
        **{
            f"hit_rate_{k}": Metric(
                "higher", f"fraction of hidden items among the first {k} recommended", ".2%", most=1
            )
            for k in (10, 5, 20)
        },
        "mrr": Metric("higher", "mean of 1 / rank of the hidden item", ".4f", most=1),
        "auc": Metric(
            "higher", "fraction of the other items that rank below the hidden one", ".4f", most=1
        ),
        "rank": Metric("lower", "mean rank of the hidden item", ".1f", least=1),
        "coverage": Metric(
            "higher", "fraction of all items that are in any list of ten", ".1%", most=1, of="items"
        ),
    }
    loss = "binary_crossentropy"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    evaluate_baskets: Annotated[int, Ge(1)] = setting(
        20_000, "maximum number of test baskets to score"
    )
    hidden_seed: Annotated[int, Ge(0)] = setting(
        0, "seed of the choice of the hidden item of each test basket"
    )

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Counts the items of the training split, and hides one item of each test basket."""
        from .prepare import prepare

        return prepare(splits, model, self.hidden_seed, self.evaluate_baskets, preprocessor)

    def validate(self, network: Any, prepared: Prepared) -> dict[str, float]:
        """Hides each item of each validation basket in turn."""
        from .prepare import hide_each
        from .scoring import gain, hits, ranks

        held_out, weights = hide_each(prepared.validation.inputs, _VALIDATED)
        if not len(held_out):
            return {}
        rank, _, _ = ranks(network, held_out)
        metrics = {"ndcg_10": gain(rank, 10), "hit_rate_10": hits(rank, 10)}
        return {name: (weights * values).mean() for name, values in metrics.items()}

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores the rank of each hidden item among all items that are not in its basket."""
        import numpy as np

        from .scoring import gain, hits, ranks

        rank, unseen, tops = ranks(network, arrays)
        metrics = {"ndcg_10": gain(rank, 10)}
        metrics |= {f"hit_rate_{count}": hits(rank, count) for count in (10, 5, 20)}
        metrics |= {"mrr": 1 / rank, "rank": rank}
        metrics["auc"] = 1 - (rank - 1) / np.maximum(unseen - 1, 1)
        # Of coverage the items are the examples: whether each is in any of the lists.
        counts = np.bincount(np.concatenate(tops), minlength=len(arrays.baskets.items))
        metrics["coverage"] = (counts > 0).astype(float)
        return {name: Scores(values) for name, values in metrics.items()}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Recommends three items for three validation baskets, the same after each epoch."""
        from .inference import progress

        return progress(network, prepared)

    def answer_as_published(self, published: Published, run: Run) -> str | None:
        """Lists the items above the published threshold by name."""
        answer = run.predict(published.prompt, **published.when)
        return ", ".join(sorted(row["item"] for row in answer["recommended"]))

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Looks up the items of baskets: zeros and ones, float32 [n, items]."""
        from .inference import look_up, rows_of

        return rows_of(look_up(raw, preprocessor["items"]), len(preprocessor["items"]))

    @verb(batched=True, columns=("item", "score", "because", "unknown"))
    def predict(
        self,
        run: Run,
        baskets: Annotated[list[str | Sequence[str]], EachLine],
        *,
        k: Annotated[
            int | None,
            Option("-k", min=1, help="maximum number of items; 10, or all with a threshold"),
        ] = None,
        threshold: Annotated[float | None, Option(help="minimum score of an item")] = None,
        keep_known: Annotated[
            bool, Option("--keep-known", help="also score the items of the basket")
        ] = False,
    ) -> list[dict[str, Any]]:
        """Recommend what else belongs in a basket.

        Args:
            run: A trained run.
            baskets: Items separated by commas, or lists of items. Items that the run does
                not know are left out, with a warning.
            k: Maximum number of items.
            threshold: Minimum score of an item.
            keep_known: Whether items of the basket are scored and listed, too.

        Returns:
            For each basket `recommended`, a list of `item`, `score` and `because`: the items
            of the basket that raise that score most. Scores of the networks are probabilities,
            those of the baselines are on scales of their own. And `unknown`, the items that the
            run does not know, if there are any.
        """
        from .inference import recommend

        return recommend(run, baskets, k, threshold, keep_known)
