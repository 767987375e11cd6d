"""Models of text classification: the bag of n-grams, and the published networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting

if TYPE_CHECKING:
    from deepzoo import LabelledText

    from .ngrams import NGrams
    from .tokens import Tokens

FEW, MANY = 500, 2_000  # texts
MANY_CHARACTERS = 10_000_000


class TextClassifier(Model):
    """Base of the models of text classification."""

    task: ClassVar[str] = "text-classification"


class BagOfNGrams(TextClassifier):
    """The default: logistic regression on the n-grams of a text, without a framework.

    Trained by stochastic gradient descent. An n-gram that tells the classes apart, by its naive
    Bayes log-count ratio, learns faster than one that does not, and a rare one faster than a
    frequent one: what Wang and Manning (2012, Baselines and Bigrams) do to the inputs of a
    support vector machine.
    """

    name = "bag-of-ngrams"
    framework = "numpy"
    keeps_last = True
    outputs = "probabilities"
    network = "numpy_networks:BagOfNGramsNetwork"
    training_settings = ("epochs", "batch_size", "learning_rate", "schedule", "warmup")
    defaults = {"epochs": 10, "batch_size": 32, "learning_rate": 200.0, "schedule": "linear"}

    words: Annotated[int, Ge(1)] = setting(2, "longest run of words")
    characters: Annotated[int, Ge(0)] = setting(5, "longest run of characters; 0 takes none")
    least_texts: Annotated[int, Ge(1)] = setting(1, "training texts that an n-gram must be in")
    features: Annotated[int, Ge(1)] = setting(400_000, "most n-grams kept, those in most texts")
    ratio: Annotated[float, Ge(0), Le(1)] = setting(
        0.5, "how much the rate of an n-gram depends on its log-count ratio"
    )

    def defaults_for(self, train: LabelledText, fine_tuning: bool) -> Mapping[str, Any]:
        """Reads longer runs of words, and none of characters, where there is much text.

        Few texts are learned in more, smaller steps.
        """
        if sum(map(len, train.texts)) > MANY_CHARACTERS:
            return {"words": 3, "characters": 0, "least_texts": 2, "epochs": 5}
        if len(train) > MANY:
            return {"least_texts": 2}
        if len(train) > FEW:
            return {"learning_rate": 100.0}
        return {"learning_rate": 30.0, "batch_size": 4, "epochs": 20}

    def reader(self, texts: Sequence[str]) -> NGrams:
        """Returns what reads texts for it."""
        from .ngrams import NGrams

        return NGrams(self.words, self.characters)


class Published(TextClassifier):
    """Base of the published networks, which read the first characters or words of a text.

    Attributes:
        level: What a token is.
    """

    level: ClassVar[Literal["characters", "words"]] = "characters"
    defaults = {"batch_size": 128, "learning_rate": 0.01}

    tokens: Annotated[int, Ge(1)] = setting(100, "characters or words of a text that are read")
    embedding: Annotated[int, Ge(0)] = setting(0, "size of the token vectors; 0 is one-hot")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.0, "dropout rate before the last layer")

    def reader(self, texts: Sequence[str]) -> Tokens:
        """Returns what reads texts for it."""
        from .tokens import Tokens

        return Tokens(self.level, self.tokens, plain=True).fit(texts)


class Convolutional(Published):
    """Two convolutions over time: what the two published CNNs share."""

    network = "networks:convolutional"
    defaults = {"epochs": 250, "optimizer": "sgd"}

    tokens: Annotated[int, Ge(58)] = setting(100, "characters or words of a text that are read")


class Recurrent(Published):
    """Recurrent layers whose last state decides: what the two published RNNs share."""

    network = "networks:recurrent"
    defaults = {"epochs": 100}

    cell: Literal["gru", "lstm", "simple"] = setting("gru", "kind of recurrent layer")
    units: Annotated[int, Ge(1)] = setting(20, "units of each recurrent layer")
    layers: Annotated[int, Ge(1)] = setting(1, "recurrent layers")


class CharCNN(Convolutional):
    """Two convolutions over the first 100 characters, one-hot."""

    name = "char-cnn"


class WordCNN(Convolutional):
    """Two convolutions over the vectors of the first 100 words."""

    name = "word-cnn"
    level = "words"
    defaults = {"embedding": 20}


class CharRNNClassifier(Recurrent):
    """A GRU over the first 100 characters, one-hot; also LSTM, simple cells, more layers."""

    name = "char-rnn-classifier"


class WordRNNClassifier(Recurrent):
    """A GRU over the vectors of the first 100 words; also LSTM, simple cells, more layers."""

    name = "word-rnn-classifier"
    level = "words"
    defaults = {"embedding": 20}


class SimpleRNN(TextClassifier):
    """Four layers of simple cells over the last 500 words, whose outputs at each word decide."""

    name = "simple-rnn"
    network = "networks:simple_rnn"
    defaults = {"batch_size": 128, "optimizer": "rmsprop"}

    tokens: Annotated[int, Ge(1)] = setting(500, "words of a text that are read, its last")
    vocabulary_size: Annotated[int, Gt(2)] = setting(10_000, "most frequent words to keep")
    units: Annotated[int, Ge(1)] = setting(32, "units of each layer, and size of the word vectors")
    layers: Annotated[int, Ge(1)] = setting(4, "recurrent layers")

    def reader(self, texts: Sequence[str]) -> Tokens:
        """Returns what reads texts for it."""
        from .tokens import Tokens

        return Tokens("words", self.tokens, keep="end").fit(texts, self.vocabulary_size)


MODELS: tuple[type[Model], ...] = (
    BagOfNGrams,
    CharCNN,
    WordCNN,
    CharRNNClassifier,
    WordRNNClassifier,
    SimpleRNN,
)
