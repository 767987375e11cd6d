"""The published experiments of translation, as data."""

from __future__ import annotations

from deepzoo import Experiment


class TranslationCharacters(Experiment):
    """Two LSTM layers, character by character, on the 10,000 shortest pairs.

    No sample and no score was published; the translations were tested on training sentences.
    So the network is trained twice: as in the report, and with held-out sentences.
    """

    name = "translation"
    source = (
        "A report on translation, after the character-level sequence-to-sequence example of Keras"
    )
    dataset = "english-dutch"
    model = "char-seq2seq"
    settings = {
        "dataset.splits": "report",
        "dataset.direction": "forward",
        "dataset.pairs": 10_000,
        "model.level": "characters",
        "model.units": 256,
        "model.optimizer": "rmsprop",
        "model.learning_rate": 0.001,
        "model.batch_size": 64,
        "model.epochs": 100,
    }
    grid = {"dataset.splits": ("report", "held-out")}
    claims = ("The translations are worse than was expected, even those of training sentences.",)


class TranslationWords(TranslationCharacters):
    """The network of `translation` on words instead of characters."""

    name = "translation-words"
    settings = {**TranslationCharacters.settings, "model.level": "words"}
    claims = ("Characters were the cause: words do better.",)


EXPERIMENTS: tuple[type[Experiment], ...] = (TranslationCharacters, TranslationWords)
