"""Text generation: continue a text in the style of the training text."""

from __future__ import annotations

import inspect
import logging
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge

from deepzoo import EachLine, Kind, Metric, Prepared, Scores, Task, Text, setting, verb
from deepzoo.errors import UsageError

from .plots import PLOTS

if TYPE_CHECKING:
    from deepzoo import Model, Published, Run, Splits

logger = logging.getLogger("deepzoo")
_LEAST = {"copied": "30 characters", "loops": "1 character", "distinct_3": "3 words"}
MOST_NAMED = 10  # unknown characters or words in a warning
Option = typer.Option


def count_tokens(run: Run, text: str) -> int:
    """Counts the characters of a text, or its words where the run's tokens are words."""
    return len(text.split()) if run.preprocessor["level"] == "word" else len(text)


class TextGeneration(Task):
    """Continue a text by characters or words, in the style of the training text."""

    name = "text-generation"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Text,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (Text,)
    default_model = "char-best"
    baselines = ("unigram", "char-6gram", "xz")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "bits_per_character": Metric("lower", "bits per character of held-out documents"),
        "copied": Metric(
            "lower", "fraction of 30-character spans found in the training text", most=1, of="texts"
        ),
        "real_words": Metric(
            "higher", "fraction of words found in the training text", most=1, of="texts"
        ),
        "loops": Metric("lower", "fraction of texts that repeat themselves", most=1, of="texts"),
        "distinct_3": Metric("higher", "fraction of distinct word triples", most=1, of="texts"),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    prompt_default = "tweets"
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    lower_case: bool = setting(False, "convert the text to lower case")
    evaluate_characters: Annotated[int, Ge(1)] = setting(
        500_000, "maximum number of held-out characters to score"
    )
    evaluate_texts: Annotated[int, Ge(0)] = setting(32, "texts generated for scoring")

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Fits the vocabulary on the training split and encodes everything."""
        from .prepare import prepare

        return prepare(splits, model, self.lower_case, self.evaluate_characters, preprocessor)

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores bits per character of held-out documents, and texts that it generates."""
        from . import scoring

        bits = network.bits(arrays.tokens)
        scores = {"bits_per_character": Scores(*scoring.bits_per_character(bits, arrays))}
        if not hasattr(network, "step") or not self.evaluate_texts:
            return scores
        texts = self._texts(network, prepared, self.evaluate_texts, seed=0)
        values = {
            "copied": scoring.copied_spans(texts, arrays.training),
            "loops": scoring.loops(texts),
            "distinct_3": scoring.distinct_3(texts),
        }
        for name, measurable in scoring.measurable(texts).items():
            weights = None if measurable.all() else measurable.astype(float)
            scores[name] = Scores(values[name], weights)
        words = scoring.count_words(texts)
        scores["real_words"] = Scores(scoring.real_words(texts, arrays.training), words)
        return scores

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Says which generated texts are too short to be measured."""
        weights = {name: scores[name].weights for name in scores if name in _LEAST}
        return [
            f"{name}: {(weight == 0).sum()} of {len(weight)} generated texts have fewer than "
            f"{_LEAST[name]} and are left out."
            for name, weight in weights.items()
            if weight is not None
        ]

    def history_metrics(self, row: Mapping[str, Any], prepared: Prepared) -> dict[str, float]:
        """Adds the validation loss as bits per character, comparable between vocabularies."""
        if row.get("val_loss") is None:
            return {}
        bits = row["val_loss"] / math.log(2)
        return {"val_bits_per_character": bits / prepared.spec["characters_per_token"]}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Writes three documents, or one text of the length that the network asks for."""
        if hasattr(network, "sample_length"):
            return self._texts(network, prepared, 1, seed, network.sample_length)[0]
        return "\n".join(self._texts(network, prepared, 3, seed))

    def answer_as_published(self, published: Published, run: Run) -> str | None:
        """Returns what a run says to the prompt of a published sample."""
        known = inspect.signature(self.generate).parameters
        options = {key: value for key, value in published.when.items() if key in known}
        return run.generate(published.prompt, **{"seed": 0, **options})

    @verb(writes=True, run_optional=True, stream="on_text", length=count_tokens)
    def generate(
        self,
        run: Run,
        prompt: Annotated[str | None, EachLine] = None,
        *,
        n: Annotated[int | None, Option("-n", min=1, help="number of texts")] = None,
        length: Annotated[int, Option(min=1, help="maximum number of tokens to add")] = 140,
        min_length: Annotated[
            int | None, Option(min=0, help="minimum number of tokens, prompt included")
        ] = None,
        mean_length: Annotated[
            float | None, Option(min=1, help="draw the length of each text around this mean")
        ] = None,
        temperature: Annotated[
            float, Option(min=0.01, help="divisor of the logits: below 1 safer, above 1 wilder")
        ] = 1.0,
        top_k: Annotated[int, Option(min=0, help="draw from the K likeliest tokens; 0 is all")] = 0,
        top_p: Annotated[
            float, Option(min=0.01, max=1.0, help="likeliest tokens up to this total probability")
        ] = 1.0,
        repetition_penalty: Annotated[
            float, Option(min=1.0, help="factor on the log-probability of tokens already written")
        ] = 1.0,
        stop: Annotated[list[str] | None, Option(help="end the text before this string")] = None,
        seed: Annotated[int | None, Option(min=0, help="seed of the sampling")] = None,
        on_text: Callable[[str], None] | None = None,
    ) -> str | list[str]:
        """Continue a text; without a prompt, start a new one.

        Args:
            run: A trained run.
            prompt: The text to continue. Characters that the run does not know are
                replaced by the most similar ones or dropped, with a warning.
            n: Number of texts; if given, the answer is a list.
            length: Maximum number of tokens to add; a learned end may come earlier.
            min_length: Minimum tokens of a text, its prompt included; by default 60, or half
                the usual length of documents if that is less.
            mean_length: Draws the length of each text at random around this mean instead.
            temperature: Divides the logits: below 1 safer, above 1 wilder.
            top_k: Draws from the K likeliest tokens only.
            top_p: Draws from the likeliest tokens that together have this probability.
            repetition_penalty: Multiplies the log-probability of tokens already written.
            stop: Strings that end the text.
            seed: The same seed gives the same text; without one, a seed is drawn.
            on_text: Takes the first text piece by piece while it is written.

        Returns:
            The prompt with its continuation, or a list of `n` of them.
        """
        import secrets

        from deepzoo.sampling import Sampling

        from . import inference
        from .vocabulary import Vocabulary

        network, count = _stepper(run, "generate"), n or 1
        # Loading Keras would take longer than its compiled loop saves.
        if count >= inference.COMPILED_FROM and "keras" in sys.modules:
            network = run.network
        vocabulary = Vocabulary(**run.preprocessor)
        kept, changes = vocabulary.fit_prompt(prompt or "")
        if changes:
            logger.warning(changes)
        most = len(vocabulary.encode(kept)) + length
        if mean_length is None and min_length is not None and min_length > most:
            raise UsageError(
                f"length {length} ends a text of {most} tokens, prompt included, before "
                f"min_length {min_length}.",
                "Raise --length, or lower --min-length.",
            )
        seed = secrets.randbelow(2**31) if seed is None else seed
        # The documents of a run that learned from one long text do not begin anywhere.
        one_text = run.record.get("split_sizes", {}).get("train") == 1
        texts = inference.continue_texts(
            network,
            vocabulary,
            [kept] * count,
            inference.drawn_lengths(length, mean_length, count, seed),
            Sampling(temperature, top_k, top_p, repetition_penalty),
            seed,
            shortest=inference.shortest_text(run.spec) if min_length is None else min_length,
            stop=stop or (),
            on_text=on_text,
            before=inference.sentence_end(vocabulary) if one_text else "",
        )
        return texts[0] if n is None else texts

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Encodes texts as the network reads them, token by token."""
        from .vocabulary import Vocabulary

        vocabulary = Vocabulary(**preprocessor)
        return [vocabulary.encode(text) for text in raw]

    @verb(columns=("token", "probability", "bits_per_character", "unknown"))
    def predict(
        self,
        run: Run,
        text: str,
        *,
        top: Annotated[int, Option(min=1, help="number of tokens to list")] = 5,
    ) -> dict[str, Any]:
        """Tell how well a text is predicted and what is likely to come next.

        Returns:
            `bits_per_character` of the text read as a document's beginning, where unknown
            characters cost what they cost in `evaluate`; `unknown`, how many there are, if
            there are any; and `next`, the likeliest tokens with their probabilities.
        """
        import numpy as np

        from .scoring import read
        from .vocabulary import Vocabulary

        vocabulary = Vocabulary(**run.preprocessor)
        bits, probabilities = read(_stepper(run, "predict"), *run.prepare_inputs([text]))
        pieces = vocabulary.unknown(text)
        unknown, named = sum(map(len, pieces)), list(map(repr, dict.fromkeys(pieces)))
        if unknown:
            logger.warning(
                f"Unknown {vocabulary.level}s: {', '.join(named[:MOST_NAMED])}"
                f"{', ...' if len(named) > MOST_NAMED else ''}: {unknown:,} of {len(text):,} "
                "characters; they cost extra bits."
            )
        return {
            "bits_per_character": float(bits.sum() + vocabulary.surcharge(text))
            / max(sum(map(len, vocabulary.split(text))), 1),
            **({"unknown": unknown} if unknown else {}),
            "next": [
                {"token": vocabulary.tokens[token], "probability": float(probabilities[token])}
                for token in np.argsort(-probabilities)[:top].tolist()
            ],
        }

    def _texts(
        self, network: Any, prepared: Prepared, n: int, seed: int, length: int = 140
    ) -> list[str]:
        from deepzoo.sampling import Sampling

        from .inference import continue_texts
        from .vocabulary import Vocabulary

        vocabulary = Vocabulary(**prepared.preprocessor)
        return continue_texts(network, vocabulary, [""] * n, [length] * n, Sampling(), seed)


def _stepper(run: Run, verb: str) -> Any:
    """Returns the network of a run; refuses one that does not emit tokens, one at a time."""
    network = run.numpy_network or run.network
    if not hasattr(network, "step"):
        raise UsageError(
            f"{run.id} ({run.model}) scores whole texts and cannot {verb}.",
            f"Score it: deepzoo evaluate {run.id}",
        )
    return network
