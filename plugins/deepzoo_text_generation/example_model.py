"""Mine: a model for deepzoo, a variation of `char-gru`."""

import deepzoo
from deepzoo_text_generation.models import CharGRU


class Mine(CharGRU):
    """A GRU over characters, smaller than the published one."""

    name = "mine"
    defaults = {"units": 128, "embedding": 32, "stateful": False}


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
