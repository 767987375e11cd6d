"""The words of a failed check: one sentence, and what the plugin's code raised behind it."""

from __future__ import annotations

import contextlib
import inspect
import json
from collections.abc import Iterator
from typing import Any

from ..errors import DeepzooError
from ..interfaces.recipe import Recipe


def expect(condition: Any, sentence: str) -> None:
    """Fails the check with a sentence that says what to do."""
    if not condition:
        raise AssertionError(sentence)


@contextlib.contextmanager
def attempt(what: str, advice: str = "") -> Iterator[None]:
    """Turns anything that a plugin's code raises into a failed check that names the call."""
    try:
        yield
    except (AssertionError, NotImplementedError):
        raise
    except Exception as error:
        text = str(error) if isinstance(error, DeepzooError) else f"{type(error).__name__}: {error}"
        raise AssertionError(f"{what} failed: {text} {advice}".strip()) from error


def recipe_of(given: Any, base: type[Recipe], category: str) -> Any:
    """Makes an instance from a class, an instance or a registered name."""
    if isinstance(given, str):
        from ..plugins import registry

        given = registry.find(category, given).cls
    cls = given if isinstance(given, type) else type(given)
    expect(
        issubclass(cls, base),
        f"{cls.__name__} must be a subclass of deepzoo.{base.__name__}.",
    )
    if isinstance(given, type):
        with attempt(f"{cls.__name__}()", "Give every setting a default."):
            return given()
    return given


def check_recipe(recipe: Recipe, category: str) -> None:
    """Checks what all recipes promise: a name, and settings with types, help and valid defaults."""
    from ..errors import PluginError
    from ..interfaces import settings
    from ..plugins import registration

    cls = type(recipe)
    try:
        registration.check_class(category, cls)
    except PluginError as error:
        raise AssertionError(f"{cls.__name__} cannot be registered: {error.message}.") from error
    # A dataclass without a docstring gets its signature for one.
    documented = cls.__doc__ and not cls.__doc__.startswith(f"{cls.__name__}(")
    expect(documented, f"Give {cls.__name__} a docstring: listings show its first line.")
    for setting in cls.settings():
        expect(
            setting.help or setting.name not in inspect.get_annotations(cls),
            f"Say what {cls.__name__}.{setting.name} does: "
            f'write `{setting.name}: ... = deepzoo.setting({setting.default!r}, "...")`.',
        )
    with attempt(f"Validating the settings of {cls.__name__}", "Change the default or the type."):
        settings.validate(recipe, category)
        stored = json.loads(json.dumps(settings.qualified({category: recipe})))
        expect(
            settings.restore({category: cls}, stored) == {category: recipe},
            f"The settings of {cls.__name__} change on their way through JSON: "
            "use numbers, strings, true and false, None and tuples of them.",
        )


def check_json(data: Any, what: str) -> None:
    """Checks that data are the same after a way through JSON."""
    try:
        same = json.loads(json.dumps(data)) == data
    except (TypeError, ValueError) as error:
        raise AssertionError(f"{what} must be JSON data: {error}.") from error
    expect(same, f"{what} changes on its way through JSON: use lists, and strings as keys.")
