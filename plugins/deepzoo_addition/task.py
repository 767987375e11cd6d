"""Addition: read a sum as text, and write down what it makes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from deepzoo import EachLine, Kind, Metric, Prepared, Scores, Task, TextPairs
from deepzoo.errors import UsageError

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Published, Run, Splits

logger = logging.getLogger("deepzoo")


class Addition(Task):
    """Read a sum such as 57+68 as text and write 125, after learning from sums."""

    name = "addition"
    kinds: ClassVar[tuple[type[Kind], ...]] = (TextPairs,)
    default_model = "column-gru"
    baselines = ("no-carry", "nearest-sum")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "exact_match": Metric(
            "higher", "share of sums that are right in every digit", ".2%", most=1
        ),
        "per_character": Metric(
            "higher",
            "share of right characters, the blanks around short answers included",
            ".2%",
            most=1,
        ),
        "longer_exact_match": Metric(
            "higher", "share of right sums of numbers longer than any in training", ".2%", most=1
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    def prepare(self, splits: Splits, model: Model) -> Prepared:
        """Finds base and signs in the training split, and encodes everything."""
        from .prepare import prepare

        return prepare(splits, model)

    def training_metrics(self, model: Model) -> list[Any]:
        """Follows the right characters and the right answers."""
        import keras

        from .scoring import exact_match

        return [
            keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
            keras.metrics.MeanMetricWrapper(exact_match, name="exact_match"),
        ]

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores answers, sum by sum; those of longer numbers by themselves."""
        from .scoring import right_characters

        given = network.answers(arrays.questions)
        exact, characters = right_characters(given, arrays.answers, arrays.digits)
        longer = arrays.longer
        scores = {
            "exact_match": Scores(exact[~longer]),
            "per_character": Scores(characters[~longer]),
        }
        if longer.any():
            scores["longer_exact_match"] = Scores(exact[longer])
        return {name: score for name, score in scores.items() if len(score.values)}

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Says how many sums of each length are right."""
        from .scoring import by_length

        said = [
            f"{row.digits}: {row.right:,} of {row.count:,}"
            for row in by_length(scores, prepared.test)
        ]
        most = prepared.spec["digits"]
        return [f"Right sums by digits (learned up to {most}): {', '.join(said)}"] if said else []

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Works out three sums of the validation split, or shows the one just learned from."""
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
        """Answers a sum of decimal numbers in the run's own base, as it does after training."""
        from .arithmetic import Question, write

        question, base = Question.read(published.prompt), run.preprocessor["base"]
        if question is None or "model.epochs" in published.when:
            return None
        first, second = (write(int(number), base) for number in (question.first, question.second))
        answer = self.predict(run, f"{first}{question.sign}{second}")["answer"]
        plain = Question.read(f"{answer.removeprefix('-')}+0")  # it may be no number
        return str(int(answer, base)) if plain else answer

    def predict(self, run: Run, *questions: Annotated[str, EachLine]) -> Any:
        """Works out sums.

        Args:
            run: A trained run.
            *questions: Sums such as `57+68`; of a file, each line is one.

        Returns:
            For each sum the `question`, the network's `answer`, the `right` one and whether it
            is `correct`.
        """
        from .arithmetic import ask

        if not questions:
            raise UsageError("There is nothing to work out: expected at least one sum.")
        known = run.preprocessor
        asked = [ask(question, known["base"], known["signs"]) for question in questions]
        longest = max((one.digits for one in asked), default=0)
        if longest > known["digits"]:
            logger.warning(
                "A number has %d digits; this network has learned from up to %d.",
                longest,
                known["digits"],
            )
        found = []
        for question, answer in zip(asked, run.network.answers(asked), strict=True):
            right = question.answer(known["base"])
            found.append(
                {
                    "question": str(question),
                    "answer": answer,
                    "right": right,
                    "correct": answer == right,
                }
            )
        return found[0] if len(questions) == 1 else found
