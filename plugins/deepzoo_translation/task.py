"""Translation: write in one language what a sentence says in another."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge

from deepzoo import EachLine, Kind, Metric, Prepared, Scores, Task, TextPairs, setting

from .models import WIDEST
from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Run, Splits

Option = typer.Option
_SHOWN = 3


class Translation(Task):
    """Translate sentences, after learning from pairs of them."""

    name = "translation"
    kinds: ClassVar[tuple[type[Kind], ...]] = (TextPairs,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (TextPairs,)
    default_model = "transformer-small"
    baselines = ("copy-source", "nearest-sentence")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "chrf": Metric(
            "higher", "chrF of the test sentences, from 0 to 100", ".1f", most=100, least=0
        ),
        "bleu": Metric(
            "higher", "BLEU of the test sentences, from 0 to 100", ".1f", most=100, least=0
        ),
        "exact": Metric(
            "higher", "share of test sentences translated as the reference", ".2%", most=1
        ),
        "chrf_training": Metric(
            "higher", "chrF of as many training sentences", ".1f", most=100, least=0
        ),
        "bits_per_character": Metric(
            "lower", "bits per character of a validation text, each after its true beginning"
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    evaluate_sentences: Annotated[int, Ge(1)] = setting(
        1000, "sentences that are scored at most, of those unseen and of the training split each"
    )

    def prepare(self, splits: Splits, model: Model) -> Prepared:
        """Fits the vocabulary on the training split and encodes everything."""
        from .prepare import prepare

        return prepare(splits, model, self.evaluate_sentences)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows the share of tokens that are right, given the true ones before them."""
        import keras

        return [keras.metrics.SparseCategoricalAccuracy(name="token_accuracy")]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores translations of unseen sentences, and of training sentences beside them."""
        import numpy as np

        from .inference import translate
        from .scoring import bleu_values, chrf_values

        outputs, learned = (
            [found.text for found in translate(network, prepared.preprocessor, part)]
            for part in (arrays.sources, arrays.seen_sources)
        )
        exact = [out == true for out, true in zip(outputs, arrays.references, strict=True)]
        return {
            "chrf": Scores(chrf_values(outputs, arrays.references)),
            "bleu": Scores(bleu_values(outputs, arrays.references)),
            "exact": Scores(np.array(exact, float)),
            "chrf_training": Scores(chrf_values(learned, arrays.seen_references)),
        }

    def history_metrics(self, row: Mapping[str, Any], prepared: Prepared) -> dict[str, float]:
        """Adds the validation loss as bits per character, comparable between vocabularies."""
        if row.get("val_loss") is None:
            return {}
        spec, bits = prepared.spec, row["val_loss"] / math.log(2)
        found = bits / spec["characters_per_token"] + spec["unknown_bits"]
        return {"val_bits_per_character": found}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Translates three training sentences, the same after each epoch."""
        from .inference import translate

        seen = prepared.test.seen_sources
        sources = seen[len(seen) // (2 * _SHOWN) :: max(1, len(seen) // _SHOWN)][:_SHOWN]
        if not sources:
            return None
        found = translate(network, prepared.preprocessor, sources)
        pairs = zip(sources, found, strict=True)
        return "\n".join(f"{source} -> {one.text}" for source, one in pairs)

    def predict(
        self,
        run: Run,
        *sentences: Annotated[str, EachLine],
        beam: Annotated[
            int | None, Option(min=1, max=WIDEST, help="beginnings to keep; the run's if not given")
        ] = None,
    ) -> Any:
        """Translates sentences.

        Args:
            run: A trained run.
            *sentences: What to translate. Characters that the run has never seen are read as
                unknown, and what is longer than anything it has seen is cut, with a warning.
            beam: Beginnings of a translation that are kept while it is written; 1 is greedy.

        Returns:
            For each sentence `translation` and, from a network that writes token by token,
            `score`: the mean log-probability of its tokens, 0 when it is sure.
        """
        from .inference import predict

        return predict(run, sentences, beam)
