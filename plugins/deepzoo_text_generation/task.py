"""Text generation: continue a text in the style of the one learned."""

from __future__ import annotations

import inspect
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from annotated_types import Ge

from deepzoo import EachLine, Kind, Metric, Prepared, Scores, Shipped, Task, Text, setting, verb
from deepzoo.errors import UsageError

from .plots import PLOTS
from .shipped import SHIPPED
from .vocabulary import vocabulary_of

if TYPE_CHECKING:
    from deepzoo import Model, Published, Run, Splits

logger = logging.getLogger("deepzoo")
Option = typer.Option


def count_tokens(run: Run, text: str) -> int:
    """Counts the characters of a text, or its words where the run's tokens are words."""
    return len(text.split()) if run.preprocessor["level"] == "word" else len(text)


class TextGeneration(Task):
    """Continue a text, character by character or word by word, in the style of the one learned."""

    name = "text-generation"
    kinds: ClassVar[tuple[type[Kind], ...]] = (Text,)
    default_for: ClassVar[tuple[type[Kind], ...]] = (Text,)
    default_model = "char-best"
    baselines = ("unigram", "char-6gram", "xz")
    metrics: ClassVar[Mapping[str, Metric]] = {
        "bits_per_character": Metric("lower", "bits needed per character of held-out documents"),
        "copied": Metric(
            "lower", "share of 30-character spans that stand in the training text", most=1
        ),
        "real_words": Metric(
            "higher", "share of generated words that occur in the training text", most=1
        ),
        "loops": Metric("lower", "share of generated texts that repeat themselves", most=1),
        "distinct_3": Metric(
            "higher", "share of distinct word triples in a generated text", most=1
        ),
    }
    loss = "sparse_categorical_crossentropy_from_logits"
    shipped: ClassVar[Mapping[str, Shipped]] = SHIPPED
    prompt_default = "tweets" if SHIPPED else ""
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = PLOTS

    lower_case: bool = setting(False, "turn the text into lower case")
    evaluate_characters: Annotated[int, Ge(1)] = setting(
        500_000, "held-out characters that are scored at most"
    )
    evaluate_texts: Annotated[int, Ge(0)] = setting(32, "texts generated for scoring")

    def prepare(self, splits: Splits, model: Model) -> Prepared:
        """Fits the vocabulary on the training split and encodes everything."""
        from .prepare import prepare

        return prepare(
            splits,
            model,
            lower_case=self.lower_case,
            evaluate_characters=self.evaluate_characters,
        )

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores bits per character of held-out documents, and texts it generates."""
        from .prepare import bits_per_character

        values, characters = bits_per_character(network.bits(arrays.tokens), arrays)
        scores = {"bits_per_character": Scores(values, characters)}
        if hasattr(network, "step") and self.evaluate_texts:
            scores |= self._measure(network, arrays.training, prepared)
        return scores

    def history_metrics(self, row: Mapping[str, Any], prepared: Prepared) -> dict[str, float]:
        """Adds the validation loss as bits per character, comparable between vocabularies."""
        if row.get("val_loss") is None:
            return {}
        bits = row["val_loss"] / math.log(2)
        return {"val_bits_per_character": bits / prepared.spec["characters_per_token"]}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Writes three documents from their start, or one text if the network says how long."""
        length = getattr(network, "sample_length", None)
        if length:
            return self._texts(network, prepared, 1, seed, length)[0]
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
        length: Annotated[int, Option(min=1, help="tokens to add at most")] = 140,
        min_length: Annotated[
            int | None, Option(min=0, help="tokens of a text before it may end, prompt included")
        ] = None,
        mean_length: Annotated[
            float | None, Option(min=1, help="draw each length at random around this mean")
        ] = None,
        temperature: Annotated[float, Option(min=0.01, help="below 1 safer, above 1 wilder")] = 1.0,
        top_k: Annotated[int, Option(min=0, help="only the K likeliest tokens; 0 is all")] = 0,
        top_p: Annotated[
            float, Option(min=0.01, max=1.0, help="only the likeliest tokens of this total share")
        ] = 1.0,
        repetition_penalty: Annotated[
            float, Option(min=1.0, help="make tokens already written less likely")
        ] = 1.0,
        stop: Annotated[list[str] | None, Option(help="end the text before this string")] = None,
        seed: Annotated[int | None, Option(min=0, help="same seed, same text")] = None,
        on_text: Callable[[str], None] | None = None,
    ) -> str | list[str]:
        """Continues a text; without one it starts as documents start.

        Args:
            run: A trained run.
            prompt: The text to continue. Characters that the run has never seen are
                replaced by their nearest or dropped, with a warning.
            n: Number of texts; with it the answer is a list.
            length: Tokens to add at most; a learned end comes earlier.
            min_length: Tokens of a text, its prompt included, before it may end; by default
                60, or half of what documents usually have if that is less.
            mean_length: Draw each length at random around this mean instead.
            temperature: Divides the logits: below 1 safer, above 1 wilder.
            top_k: Draw from the K likeliest tokens only.
            top_p: Draw from the likeliest tokens that together have this probability.
            repetition_penalty: Divides the logits of tokens already written.
            stop: Strings that end the text.
            seed: Same seed, same text; without one it is drawn.
            on_text: Takes the first text piece by piece while it is written.

        Returns:
            The prompt with its continuation, or a list of `n` of them.
        """
        from deepzoo.sampling import Sampling

        from .inference import continue_texts, drawn_lengths, shortest_text

        if not hasattr(run.numpy_network or run.network, "step"):
            raise UsageError(f"{run.id} ({run.model}) scores texts but cannot write any.")
        vocabulary = vocabulary_of(run)
        kept, changed = vocabulary.fit_prompt(prompt or "")
        if changed:
            logger.warning(changed)
        seed = draw_seed() if seed is None else seed
        count = n or 1
        texts = continue_texts(
            _network(run, count),
            vocabulary,
            [kept] * count,
            drawn_lengths(length, mean_length, count, seed),
            Sampling(temperature, top_k, top_p, repetition_penalty),
            seed,
            shortest=shortest_text(run.spec) if min_length is None else min_length,
            stop=stop or (),
            on_text=on_text,
        )
        return texts[0] if n is None else texts

    def predict(
        self,
        run: Run,
        text: str,
        *,
        top: Annotated[int, Option(min=1, help="how many tokens to list")] = 5,
    ) -> dict[str, Any]:
        """Says how well a text is predicted and what is likely to come next.

        Returns:
            `bits_per_character` of the text read as a document's beginning, and `next`, the
            likeliest tokens with their probabilities.
        """
        import numpy as np

        from .scoring import read

        vocabulary = vocabulary_of(run)
        kept, changed = vocabulary.fit_prompt(text)
        if changed:
            logger.warning(changed)
        bits, chances = read(run.numpy_network or run.network, vocabulary.encode(kept))
        order = np.argsort(-chances)[:top]
        return {
            "bits_per_character": float(bits.sum() / max(len(kept), 1)),
            "next": [
                {"token": vocabulary.tokens[int(i)], "probability": float(chances[i])}
                for i in order
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

    def _measure(
        self, network: Any, training: Sequence[str], prepared: Prepared
    ) -> dict[str, Scores]:
        import numpy as np

        from . import measures

        texts = self._texts(network, prepared, self.evaluate_texts, seed=0)
        words = measures.count_words(texts)
        found = {
            "copied": Scores(measures.copied_spans(texts, training)),
            "loops": Scores(np.asarray(measures.loops(texts), float)),
            "distinct_3": Scores(measures.distinct_3(texts)),
        }
        if words.sum():
            found["real_words"] = Scores(measures.real_words(texts, training), words)
        return found


def draw_seed() -> int:
    """Draws a seed, for when none was given."""
    import secrets

    return secrets.randbelow(2**31)


def _network(run: Run, count: int) -> Any:
    import sys

    from .inference import COMPILED_FROM

    if count >= COMPILED_FROM and "keras" in sys.modules:
        return run.network
    return run.numpy_network or run.network
