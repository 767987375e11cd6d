"""The published experiments of text classification, as data."""

from __future__ import annotations

from typing import Any

from deepzoo import Experiment, Figure

_LAST, _BEST, _SECONDS = "test_accuracy", "best test_accuracy", "seconds"
_CNN = {"model.epochs": 250, "model.optimizer": "sgd"}
_GRU = {"model.epochs": 100, "model.optimizer": "adam", "model.cell": "gru", "model.layers": 1}
_CNNS, _RNNS = ("char-cnn", "word-cnn"), ("char-rnn-classifier", "word-rnn-classifier")


def _figures(
    model: str, last: float, best: float, seconds: float, **cells: Any
) -> tuple[Figure, ...]:
    """Returns the three figures of a training, in the order of the report's table."""
    published = _CNN if model in _CNNS else _GRU
    when = {"model": model, **published, **{f"model.{key}": cells[key] for key in cells}}
    return (
        Figure(_LAST, last, when, "of the last epoch"),
        Figure(_BEST, best, when, "of the best epoch, which the test split chose"),
        Figure(_SECONDS, seconds, when, "on a cloud GPU"),
    )


class _OnParagraphs(Experiment):
    source = "A report on the DBpedia paragraphs, after an assignment of a course on deep learning"
    dataset = "dbpedia-paragraphs"
    settings = {
        "dataset.splits": "report",
        "model.tokens": 100,
        "model.dropout": 0.0,
        "model.momentum": 0.0,
        "model.learning_rate": 0.01,
        "model.batch_size": 128,
        "model.clip": 0.0,
        "model.watch_test": True,
    }


class Paragraphs(_OnParagraphs):
    """Two CNNs and two RNNs, over the first 100 characters or words of a paragraph.

    The report took its vocabulary from the training and the test texts together; ours comes from
    the training texts alone. Its networks had 15 outputs, of which one was never used, and words
    were followed by a token for the end of the text.
    """

    name = "paragraphs"
    model = "char-cnn"
    grid = {"model": (*_CNNS, *_RNNS)}
    figures = (
        *_figures("char-cnn", 0.671, 0.684, 144),
        *_figures("word-cnn", 0.637, 0.637, 159),
        *_figures("char-rnn-classifier", 0.701, 0.713, 887),
        *_figures("word-rnn-classifier", 0.869, 0.876, 977),
    )
    claims = (
        "RNNs beat CNNs, in six times the time.",
        "Words beat characters.",
        "Accuracy has settled after 150 epochs (char-cnn), more than 250 (word-cnn), "
        "20 (char-rnn-classifier) and 10 (word-rnn-classifier).",
    )


class ParagraphsDropout(_OnParagraphs):
    """The same four networks with dropout before the last layer."""

    name = "paragraphs-dropout"
    model = "char-cnn"
    settings = {**_OnParagraphs.settings, "model.dropout": 0.5}
    grid = {"model": (*_CNNS, *_RNNS)}
    figures = (
        *_figures("char-cnn", 0.690, 0.690, 152),
        *_figures("word-cnn", 0.497, 0.503, 184),
        *_figures("char-rnn-classifier", 0.713, 0.724, 884),
        *_figures("word-rnn-classifier", 0.860, 0.873, 935),
    )
    claims = (
        "Dropout costs no time.",
        "Dropout gains nothing.",
        "With dropout, accuracy fluctuates more.",
    )


class ParagraphsCells(_OnParagraphs):
    """The two RNNs with other cells, with a second layer, and with clipped gradients."""

    name = "paragraphs-cells"
    model = "char-rnn-classifier"
    grid = {
        "model": _RNNS,
        "model.cell": ("gru", "simple", "lstm"),
        "model.layers": (1, 2),
        "model.clip": (0.0, 2.0),
    }
    figures = tuple(
        figure
        for model, last, best, seconds, cell, layers, clip in (
            (_RNNS[0], 0.131, 0.143, 310, "simple", 1, 0.0),
            (_RNNS[1], 0.069, 0.096, 388, "simple", 1, 0.0),
            (_RNNS[0], 0.699, 0.706, 549, "lstm", 1, 0.0),
            (_RNNS[1], 0.721, 0.727, 667, "lstm", 1, 0.0),
            (_RNNS[0], 0.709, 0.746, 1867, "gru", 2, 0.0),
            (_RNNS[1], 0.887, 0.891, 1762, "gru", 2, 0.0),
            (_RNNS[0], 0.700, 0.724, 904, "gru", 1, 2.0),
            (_RNNS[1], 0.856, 0.874, 949, "gru", 1, 2.0),
        )
        for figure in _figures(model, last, best, seconds, cell=cell, layers=layers, clip=clip)
    )
    claims = (
        "Over characters, an LSTM is as good as a GRU.",
        "Two layers are a little better than one, in twice the time.",
        "Clipping does nothing.",
        "GRU cells are the slowest, simple cells the fastest.",
    )


class ImdbRNN(Experiment):
    """The sentiment of film reviews, from four simple recurrent layers over the last 500 words.

    The report says that it trained on 10,000 reviews, and that an epoch had 469 updates, which
    contradict each other; ours trains on 20,000 and holds 5,000 out.
    """

    name = "imdb-rnn"
    source = "A report on the IMDB reviews, with a recurrent network in Keras"
    dataset = "imdb"
    model = "simple-rnn"
    settings = {
        "dataset.splits": "held-out",
        "dataset.validation": 5_000,
        "model.tokens": 500,
        "model.vocabulary_size": 10_000,
        "model.units": 32,
        "model.layers": 4,
        "model.optimizer": "rmsprop",
        "model.learning_rate": 0.001,
        "model.batch_size": 128,
        "model.epochs": 10,
    }
    figures = (
        Figure("val_accuracy", 0.836, {"model.epochs": 5}, "the best epoch"),
        Figure("training accuracy", 0.9951, {"model.epochs": 10}),
    )


class GzipNeighbours(Experiment):
    """The nearest text by compression, on paragraphs like those it was published for."""

    name = "gzip-knn"
    source = "Jiang et al. (2023), Low-Resource Text Classification, with compressors"
    dataset = "dbpedia-paragraphs"
    model = "gzip-knn"
    settings = {"dataset.splits": "report"}
    figures = (
        Figure(
            "better_of_two",
            0.970,
            note="with 560,000 training paragraphs; right if either of two neighbours is",
        ),
    )
    claims = ("Compression with nearest neighbours is better than small networks.",)


class TweetsAuthors(Experiment):
    """Passages of several authors: one language model for each, beside a plain classifier."""

    name = "tweets-authors"
    source = "A report on generating tweets, which wished for it"
    dataset = "authors"
    model = "language-models"
    grid = {"model": ("language-models", "bag-of-ngrams", "tfidf-svm")}
    claims = ("The language model that gives a text the fewest bits tells whose it is.",)


EXPERIMENTS: tuple[type[Experiment], ...] = (
    Paragraphs,
    ParagraphsDropout,
    ParagraphsCells,
    ImdbRNN,
    GzipNeighbours,
    TweetsAuthors,
)
