"""Addition: read a sum as text, and write the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from deepzoo import EachLine, Kind, Metric, Prepared, Scores, Task, TextPairs, verb

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Published, Run, Splits


class Addition(Task):
    """Read a sum such as 57+68 as text and write 125, after training on sums."""

    name = "addition"
    kinds: ClassVar[tuple[type[Kind], ...]] = (TextPairs,)
    default_model = "column-gru"
    baselines = ("no-carry", "nearest-sum")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "exact_match": Metric(
            "higher", "fraction of sums that are right in every digit", ".2%", most=1
        ),
        "per_character": Metric(
            "higher",
            "fraction of right characters, blanks around short answers included",
            ".2%",
            most=1,
        ),
        "longer_exact_match": Metric(
            "higher",
            "accuracy on sums of longer numbers than in training",
            ".2%",
            most=1,
            of="longer sums",
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Finds base and signs in the training split, and encodes all splits."""
        from .prepare import prepare

        return prepare(splits, model, preprocessor)

    def training_metrics(self, model: Model) -> list[Any]:
        """Counts right characters and right answers."""
        import keras

        from .scoring import exact_match

        return [
            keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
            keras.metrics.MeanMetricWrapper(exact_match, name="exact_match"),
        ]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores answers, sum by sum; those of longer numbers separately."""
        from .scoring import right_characters

        given = network.answers(arrays.questions)
        exact, characters = right_characters(given, arrays.answers, arrays.digits)
        longer = arrays.longer
        scores = {
            "exact_match": exact[~longer],
            "per_character": characters[~longer],
            "longer_exact_match": exact[longer],
        }
        return {name: Scores(values) for name, values in scores.items() if len(values)}

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Returns how many sums of each length are right."""
        from .scoring import by_length

        lengths = [
            f"{digits}: {right.sum():,.0f} of {len(right):,}"
            for digits, right in by_length(scores, prepared.test).items()
        ]
        trained = f"trained on up to {prepared.spec['digits']}"
        return [f"Right sums by digits ({trained}): {', '.join(lengths)}"] if lengths else []

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Answers three sums of the validation split, or shows the last training sum."""
        if hasattr(network, "progress"):
            return network.progress()
        held_out: Any = prepared.validation
        pairs = list(zip(held_out.questions[:3], held_out.answers[:3], strict=True))
        if not pairs:
            return None
        given = network.answers([question for question, _ in pairs])
        return "\n".join(
            f"{question} = {answer}" + ("" if answer == right else f"   (it is {right})")
            for (question, right), answer in zip(pairs, given, strict=True)
        )

    def answer_as_published(self, published: Published, run: Run) -> str | None:
        """Answers a published decimal sum in the base of the run, after training only."""
        from .sums import Question, write

        question, base = Question.read(published.prompt), run.preprocessor["base"]
        if question is None or "model.epochs" in published.when:
            return None
        first, second = (write(int(number), base) for number in (question.first, question.second))
        answer = run.predict(f"{first}{question.sign}{second}")["answer"]
        is_number = Question.read(f"{answer.removeprefix('-')}+0")
        return str(int(answer, base)) if is_number else answer

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Encodes sums as the network reads them."""
        from .inference import read_question
        from .prepare import encoding_of

        base, signs = preprocessor["base"], preprocessor["signs"]
        questions = [read_question(text, base, signs) for text in raw]
        digits = max([spec["digits"], *(question.digits for question in questions)])
        return encoding_of(spec).questions(questions, digits)

    @verb(batched=True)
    def predict(self, run: Run, questions: Annotated[list[str], EachLine]) -> list[dict[str, Any]]:
        """Answer sums.

        Args:
            run: A trained run.
            questions: Sums such as `57+68`; in a file, one a line.

        Returns:
            For each sum the `question`, the network's `answer`, the `right` answer, and whether
            they are the same: `correct`.
        """
        from .inference import answer_questions

        return answer_questions(run, questions)
