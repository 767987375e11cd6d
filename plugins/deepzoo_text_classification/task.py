"""Text classification: tell what a text is about, how it is meant, or who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from deepzoo import EachLine, Kind, LabelledText, Metric, Prepared, Scores, Task, verb

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Run, Splits

Option = typer.Option


class TextClassification(Task):
    """Predict the class of a text, after learning from labelled texts."""

    name = "text-classification"
    kinds: ClassVar[tuple[type[Kind], ...]] = (LabelledText,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (LabelledText,)
    default_model = "bag-of-ngrams"
    baselines = ("majority-class", "naive-bayes", "tfidf-svm")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "accuracy": Metric(
            "higher", "fraction of texts that are classified correctly", ".2%", most=1
        ),
        "macro_f1": Metric("higher", "mean F1 of the classes", ".4f", most=1, least=0),
        "cross_entropy": Metric(
            "lower", "negative log-likelihood of the true class in nats", ".4f"
        ),
        "better_of_two": Metric(
            "higher", "fraction of texts with a right one of two nearest neighbours", ".2%", most=1
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Encodes the texts as the model reads them."""
        from .prepare import prepare

        return prepare(splits, model, preprocessor)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows accuracy."""
        import keras

        return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]

    def validate(self, network: Any, prepared: Prepared) -> dict[str, float]:
        """Scores accuracy, also of networks without Keras."""
        from .scoring import probabilities

        held_out = prepared.validation
        predicted = probabilities(network, held_out.inputs).argmax(axis=1)
        return {"accuracy": (predicted == held_out.targets).mean()}

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores accuracy, F1 and cross-entropy."""
        from . import scoring

        probabilities, labels = scoring.probabilities(network, arrays.inputs), arrays.targets
        predicted = probabilities.argmax(axis=1)
        scores = {
            "accuracy": Scores((predicted == labels).astype(float)),
            "macro_f1": scoring.macro_f1(predicted, labels, prepared.spec["classes"]),
            "cross_entropy": Scores(scoring.cross_entropy(probabilities, labels)),
        }
        if hasattr(network, "better_of_two"):
            either = network.better_of_two(probabilities, labels)
            scores["better_of_two"] = Scores(either.astype(float))
        return scores

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Encodes texts as the network of a run reads them."""
        from .prepare import reader_of

        return reader_of(preprocessor).encode(raw)

    @verb(batched=True, highlights="words")
    def predict(
        self,
        run: Run,
        texts: Annotated[list[str], EachLine],
        *,
        top: Annotated[int, Option(min=1, help="how many classes to list")] = 3,
        words: Annotated[int, Option(min=0, help="how many words to list that decided")] = 5,
    ) -> list[dict[str, Any]]:
        """Predict the class of texts.

        Args:
            run: A trained run.
            texts: Texts; in a file, one a line.
            top: How many classes to list.
            words: How many of the words that decided to list.

        Returns:
            For each text `label`, its `probability`, the `probabilities` of the top classes, and
            `words`: those that speak most for the label, with their weights.
        """
        from .inference import predict

        return predict(run, texts, top, words)

    @verb(reads_data=True)
    def per_class(self, run: Run) -> dict[str, Any]:
        """Score each class of the test split, the worst first.

        Returns:
            `classes` with `class`, `texts`, `precision`, `recall`, its 95 % `interval`, `f1` and
            what it is `taken_for` most often; `names` and `confusion`, which counts how often each
            class (rows) was taken for each.
        """
        from .inference import predict_test_split
        from .scoring import by_class

        test = predict_test_split(run)
        rows = by_class(test.confusion, test.classes)
        return {"classes": rows, "names": list(test.classes), "confusion": test.confusion.tolist()}
