"""Translation: from sentences in one language to sentences in another."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge

from deepzoo import EachLine, Kind, Metric, Prepared, Scores, Task, TextPairs, setting, verb

from .models import WIDEST
from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Run, Splits

Option = typer.Option
_SHOWN = 3


class Translation(Task):
    """Translate sentences after learning from pairs of them."""

    name = "translation"
    kinds: ClassVar[tuple[type[Kind], ...]] = (TextPairs,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (TextPairs,)
    default_model = "transformer-small"
    baselines = ("copy-source", "nearest-sentence")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "chrf": Metric("higher", "chrF of the test sentences, 0 to 100", ".1f", most=100, least=0),
        "bleu": Metric("higher", "BLEU of the test sentences, 0 to 100", ".1f", most=100, least=0),
        "exact": Metric(
            "higher", "fraction of translations that equal the reference", ".2%", most=1
        ),
        "chrf_training": Metric(
            "higher",
            "chrF of as many training sentences",
            ".1f",
            most=100,
            least=0,
            of="training sentences",
        ),
        "bits_per_character": Metric(
            "lower",
            "bits per character of the validation texts, each given its true prefix",
            of="validation texts",
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    evaluate_sentences: Annotated[int, Ge(1)] = setting(
        1000, "maximum number of test sentences to score, and of training sentences"
    )

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Fits the vocabulary on the training split and encodes everything."""
        from .prepare import prepare

        return prepare(splits, model, self.evaluate_sentences, preprocessor)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows the accuracy of the next token after the true tokens before it."""
        import keras

        return [keras.metrics.SparseCategoricalAccuracy(name="token_accuracy")]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores translations of unseen sentences, and of training sentences beside them."""
        import numpy as np

        from .inference import translate
        from .scoring import bleu_scores, chrf_scores, has_bleu

        outputs, seen_outputs = (
            [text for text, _ in translate(network, prepared.preprocessor, sources)]
            for sources in (arrays.sources, arrays.seen.sources)
        )
        exact = [out == true for out, true in zip(outputs, arrays.targets, strict=True)]
        scores = {
            "chrf": chrf_scores(outputs, arrays.targets),
            "bleu": bleu_scores(outputs, arrays.targets),
            "exact": Scores(np.array(exact, float)),
            "chrf_training": chrf_scores(seen_outputs, arrays.seen.targets),
        }
        if not has_bleu(arrays.targets):
            del scores["bleu"]
        return scores

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Says why there is no BLEU."""
        short = "bleu: most test sentences have fewer than four words, which BLEU counts; see chrf."
        return [] if "bleu" in scores else [short]

    def history_metrics(self, row: Mapping[str, Any], prepared: Prepared) -> dict[str, float]:
        """Adds the validation loss as bits per character, comparable between vocabularies."""
        if row.get("val_loss") is None:
            return {}
        spec, bits_per_token = prepared.spec, row["val_loss"] / math.log(2)
        bits = bits_per_token / spec["characters_per_token"] + spec["unknown_bits"]
        return {"val_bits_per_character": bits}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Translates three training sentences, the same after each epoch."""
        from .inference import translate

        seen = prepared.test.seen.sources
        sources = seen[len(seen) // (2 * _SHOWN) :: max(1, len(seen) // _SHOWN)][:_SHOWN]
        if not sources:
            return None
        translations = translate(network, prepared.preprocessor, sources)
        pairs = zip(sources, translations, strict=True)
        return "\n".join(f"{source} -> {text}" for source, (text, _) in pairs)

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Encodes sentences as the network reads them; baselines read them as they are."""
        from .prepare import vocabularies_of

        source = vocabularies_of(preprocessor)[0] if "source" in preprocessor else None
        return list(raw) if source is None else [source.encode(sentence) for sentence in raw]

    @verb(batched=True, columns=("translation", "score"))
    def predict(
        self,
        run: Run,
        sentences: Annotated[list[str], EachLine],
        *,
        beam: Annotated[
            int | None, Option(min=1, max=WIDEST, help="beam width; defaults to the run's")
        ] = None,
    ) -> list[dict[str, Any]]:
        """Translates sentences.

        Args:
            run: A trained run.
            sentences: What to translate. Characters that are not in the vocabulary are read as
                unknown, and sentences that are too long are cut, with a warning.
            beam: Beam width; 1 is greedy search. Defaults to the run's.

        Returns:
            For each sentence `translation` and, from a network that writes token by token,
            `score`: the mean log-probability of its tokens, 0 when the network is certain.
        """
        from .inference import predict

        return predict(run, sentences, beam)
