"""Models of text classification: the bag of n-grams, and the published networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Le

from deepzoo import Model, setting

if TYPE_CHECKING:
    from deepzoo import LabelledText

    from .ngrams import NGrams

MANY_CHARACTERS = 10_000_000


class TextClassifier(Model):
    """Base of the models of text classification."""

    task: ClassVar[str] = "text-classification"


class BagOfNGrams(TextClassifier):
    """The default: a linear network on the n-grams of a text, without a framework.

    Its inputs are weighted by their inverse document frequency. An n-gram that tells the classes
    apart, by its naive Bayes log-count ratio, learns faster than one that does not: what Wang
    and Manning (2012, Baselines and Bigrams) do to the inputs of a support vector machine.
    Trained by stochastic gradient descent.
    """

    name = "bag-of-ngrams"
    framework = "numpy"
    keeps_last = True
    network = "numpy_networks:BagOfNGramsNetwork"
    training_settings = ("epochs", "batch_size", "learning_rate", "schedule", "warmup")
    defaults = {"epochs": 10, "batch_size": 32, "learning_rate": 100.0, "schedule": "linear"}

    words: Annotated[int, Ge(1)] = setting(2, "longest run of words")
    characters: Annotated[int, Ge(0)] = setting(5, "longest run of characters; 0 takes none")
    least_texts: Annotated[int, Ge(1)] = setting(1, "training texts that an n-gram must be in")
    features: Annotated[int, Ge(1)] = setting(2**20, "most n-grams kept, those in most texts")
    ratio: Annotated[float, Ge(0), Le(1)] = setting(
        0.75, "how much the rate of an n-gram depends on its log-count ratio"
    )

    def defaults_for(self, train: LabelledText, fine_tuning: bool) -> Mapping[str, Any]:
        """Reads longer runs of words, and none of characters, where there is much text."""
        if sum(map(len, train.texts)) > MANY_CHARACTERS:
            return {"words": 3, "characters": 0, "least_texts": 2, "epochs": 5}
        return {"least_texts": 2} if len(train) > 2_000 else {}

    def reader(self, texts: Sequence[str]) -> NGrams:
        """Returns what reads texts for it."""
        from .ngrams import NGrams

        return NGrams(self.words, self.characters)


MODELS: tuple[type[Model], ...] = (BagOfNGrams,)
