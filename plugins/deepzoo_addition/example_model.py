"""Mine: a model for deepzoo, a variation of `column-gru`."""

import deepzoo
from deepzoo_addition.models import ColumnGRU


class Mine(ColumnGRU):
    """Two GRUs over columns of digits, of half the usual size."""

    name = "mine"
    defaults = {"units": 32, "epochs": 10}


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
