"""lazy_hook: a hook made of the names of what it registers."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from typing import Any

from .hookspecs import hookimpl


def lazy_hook(package: str, *names: str) -> Callable[[], list[Any]]:
    """Makes a hook that imports classes only when deepzoo looks for them.

    Args:
        package: The plugin's package, `__name__`.
        *names: Where the classes are in it, as `module:Class` or `module:TUPLE_OF_CLASSES`.

    Examples:
        In the `__init__.py` of a plugin:
        `register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")`
    """

    @hookimpl
    def register() -> list[Any]:
        classes: list[Any] = []
        for name in names:
            value = pkgutil.resolve_name(f"{package}.{name}")
            classes += value if isinstance(value, list | tuple) else [value]
        return classes

    return register
