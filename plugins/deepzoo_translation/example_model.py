"""Mine: a model for deepzoo, a variation of `char-seq2seq`."""

import deepzoo
from deepzoo_translation.models import CharSeq2Seq


class Mine(CharSeq2Seq):
    """Two LSTMs over words, smaller than the published ones."""

    name = "mine"
    defaults = {"level": "words", "units": 128, "epochs": 20}


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
