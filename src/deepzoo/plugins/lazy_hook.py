"""lazy_hook and lazy_names: what a plugin registers and makes public, imported when used."""

from __future__ import annotations

import importlib
import pkgutil
import sys
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


def lazy_names(package: str, *modules: str) -> Callable[[str], Any]:
    """Makes the `__getattr__` of a package whose `__all__` is imported only when it is used.

    Args:
        package: The plugin's package, `__name__`.
        *modules: The modules in it that define the names, those that load a framework last.

    Examples:
        In the `__init__.py` of a plugin, after its `__all__`:
        `__getattr__ = lazy_names(__name__, "models", "networks")`
    """

    def lookup(name: str) -> Any:
        if name in sys.modules[package].__all__:
            for module in modules:
                defined = vars(importlib.import_module(f"{package}.{module}"))
                if name in defined:
                    return defined[name]
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return lookup
