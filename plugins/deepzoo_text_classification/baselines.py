"""The baselines of text classification, fitted at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from annotated_types import Ge, Gt, Le

from deepzoo import Model, setting

from .models import TextClassifier

if TYPE_CHECKING:
    from .ngrams import NGrams
    from .prepare import Whole


class _Baseline(TextClassifier):
    """Fitted at once, without steps."""

    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()

    words: Annotated[int, Ge(1)] = setting(2, "longest run of words")
    characters: Annotated[int, Ge(0)] = setting(0, "longest run of characters; 0 takes none")

    def reader(self, texts: Sequence[str]) -> NGrams:
        """Returns what reads texts for it."""
        from .ngrams import NGrams

        return NGrams(self.words, self.characters)


class Majority(_Baseline):
    """Gives every text the most frequent class."""

    name = "majority-class"
    network = "linear:MajorityNetwork"


class NaiveBayes(_Baseline):
    """Multinomial naive Bayes on counts of n-grams, with add-one smoothing."""

    name = "naive-bayes"
    network = "linear:NaiveBayesNetwork"


class LinearSVM(_Baseline):
    """A linear support vector machine on TF-IDF of n-grams, by scikit-learn."""

    name = "tfidf-svm"
    network = "linear:SVMNetwork"

    strength: Annotated[float, Gt(0)] = setting(
        1.0, "inverse strength of the L2 penalty, as scikit-learn's C"
    )


class _OfWholeTexts(TextClassifier):
    """Fitted at once to texts as they are."""

    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()

    def reader(self, texts: Sequence[str]) -> Whole:
        """Returns what hands texts on as they are."""
        from .prepare import Whole

        return Whole()


class GzipKNN(_OfWholeTexts):
    """The class of the training text that is nearest by compression; nothing is learned.

    Every text is compressed with each training text: about 10 µs for a pair of paragraphs.
    """

    name = "gzip-knn"
    network = "gzip_knn:GzipKNNNetwork"
    outputs = "probabilities"


class LanguageModels(_OfWholeTexts):
    """One language model of characters for each class, such as an author.

    A text is of the class whose model gives it the fewest bits per character.
    """

    name = "language-models"
    network = "language_models:LanguageModelsNetwork"

    characters: Annotated[int, Ge(1), Le(12)] = setting(6, "longest run of characters")


BASELINES: tuple[type[Model], ...] = (Majority, NaiveBayes, LinearSVM, GzipKNN, LanguageModels)
