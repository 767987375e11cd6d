"""How many threads the matrix products of small networks run on."""

from __future__ import annotations

import contextlib
import functools


@functools.cache
def _blas() -> object:
    """Finds the loaded BLAS libraries once; the search takes longer than an answer."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_blas_thread() -> contextlib.AbstractContextManager[object]:
    """Limits NumPy's matrix products to one thread.

    The products of a few inputs are too short to share: the threads wait for each other, on
    a busy machine many times longer than the product takes.
    """
    return _blas().limit(limits=1, user_api="blas")  # pyright: ignore[reportAttributeAccessIssue]
