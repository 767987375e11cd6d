"""Translating 1,000 sentences: deepzoo's compiled loop over `predict` calls per character.

Usage: python benchmarks/translation_decoding.py [RUN] [--sentences 1000] [--repeats 5]

Both sides write greedily with the same weights of `char-seq2seq`: those of RUN, or of an epoch
on the 10,000 shortest pairs. The alternative is what the public example of this network does:
a Keras model encodes the sentence, and another model is called by `predict` for each character
of the translation. It takes seconds per sentence, so it translates only a few of them. Prints
the time per sentence on both sides and their ratio (at least 50), and whether both translations
are the same.
"""

from __future__ import annotations

import argparse
import os
import statistics
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_translation.packing import padded
from deepzoo_translation.prepare import vocabularies_of
from deepzoo_translation.vocabulary import END, PAD, START, UNKNOWN
from support.timing import alternate, median_ratio

import deepzoo

FASTER = 50
NEVER = (PAD, START, UNKNOWN)  # tokens that no translation contains


class PerCharacter:
    """The two models of the public example, on the layers of a trained network.

    Args:
        network: A `char-seq2seq`.
    """

    def __init__(self, network: Any) -> None:
        import keras

        layer, units = network.model.get_layer, network.model.get_layer("encoder").units
        self.longest = network.target_length
        sentence = keras.Input((network.spec["source_length"],), dtype="int32")
        _, *state = layer("encoder")(layer("source_vectors")(sentence))
        self.encoder = keras.Model(sentence, state)
        token, *given = (
            keras.Input((1,), dtype="int32"),
            keras.Input((units,)),
            keras.Input((units,)),
        )
        # A new layer: the layer of the network returns no states.
        decoder = keras.layers.LSTM(units, return_sequences=True, return_state=True)
        x, *state = decoder(layer("target_vectors")(token), initial_state=given)
        self.decoder = keras.Model([token, *given], [layer("logits")(x), *state])
        decoder.set_weights(layer("decoder").get_weights())

    def translate(self, row: np.ndarray) -> list[int]:
        """Translates one padded sentence, int32 [1, source length]."""
        state = self.encoder.predict(row, verbose=0)
        written, token = [], START
        while len(written) < self.longest:
            logits, *state = self.decoder.predict([np.array([[token]]), *state], verbose=0)
            logits[..., list(NEVER)] = -np.inf
            token = int(logits[0, 0].argmax())
            if token == END:
                break
            written.append(token)
        return written


def main() -> int:
    """Measures and returns 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("run", nargs="?", help="a run of char-seq2seq")
    parser.add_argument("--sentences", type=int, default=1000)
    parser.add_argument("--per-character", type=int, default=3, help="sentences of `predict`")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    run = deepzoo.load(options.run) if options.run else short_run()
    network, (source, _) = run.network, vocabularies_of(run.preprocessor)
    sentences = [source.encode(text) for text in test_sentences(run, options.sentences)]
    few = sentences[:: max(1, len(sentences) // options.per_character)][: options.per_character]
    alternative = PerCharacter(network)
    rows = padded(few, network.spec["source_length"])

    def one_by_one() -> list[list[int]]:
        return [alternative.translate(row[None]) for row in rows]

    same = one_by_one() == [hypothesis.tokens for hypothesis in network.translate(few, 1)]
    seconds = alternate(
        {"predict": one_by_one, "deepzoo": lambda: network.translate(sentences, 1)},
        options.repeats,
    )
    for name, count in {"predict": len(few), "deepzoo": len(sentences)}.items():
        milliseconds = statistics.median(seconds[name]) / count * 1000
        print(f"{name:<8} {milliseconds:10.3f} ms a sentence, of {count:,}")
    faster = median_ratio(seconds["predict"], seconds["deepzoo"]) * len(sentences) / len(few)
    print(f"predict per character / deepzoo: {faster:,.0f}  (at least {FASTER})")
    print(f"same translations: {'yes' if same else 'NO'}")
    return int(faster < FASTER or not same)


def short_run() -> deepzoo.Run:
    """Trains the network for an epoch: the speed does not depend on the quality."""
    return deepzoo.train(
        "english-dutch", model="char-seq2seq", settings={"pairs": 10_000}, epochs=1
    )


def test_sentences(run: deepzoo.Run, count: int) -> list[str]:
    """Returns the sentences of the test split that the run was scored on."""
    return list(run.workload().prepared.test.sources)[:count]


if __name__ == "__main__":
    raise SystemExit(main())
