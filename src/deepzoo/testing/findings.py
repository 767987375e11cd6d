"""What a check finds: the promises that are kept, warnings, and every fault in its own words."""

from __future__ import annotations

import contextlib
import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import DeepzooError, PluginError, UsageError
from ..interfaces.recipe import Recipe
from ..plugins.calls import frames_of


class Faults(AssertionError):
    """Broken promises, one a line; `findings` has them one by one."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("\n".join(findings.faults))
        self.findings = findings


class Unfinished(Exception):
    """Ends a part of a check: a fault was found on which the rest of it depends."""


class Findings:
    """Collects what a check finds; a fault ends no more than the part that depends on it.

    Attributes:
        checked: The promises that were kept, a sentence each, and what was skipped and why.
        warnings: What should be changed, though no promise is broken.
        faults: The promises that were broken, each with what to do.
        refused: What the plugin said if it refused its settings or data on purpose.
    """

    def __init__(self) -> None:
        self.checked: list[str] = []
        self.warnings: list[str] = []
        self.faults: list[str] = []
        self.refused = ""

    def expect(self, condition: Any, sentence: str) -> bool:
        """Records a fault, a sentence that says what to do, unless the condition holds."""
        if not condition:
            self.faults.append(sentence)
        return bool(condition)

    def require(self, condition: Any, sentence: str) -> None:
        """Records a fault that ends the part."""
        if not self.expect(condition, sentence):
            raise Unfinished

    @contextlib.contextmanager
    def attempt(self, what: str, advice: str = "") -> Iterator[None]:
        """Records what a plugin's code raises, with its line, as a fault that ends the part."""
        try:
            yield
        except Unfinished:
            raise
        except Exception as error:
            self.refused = error.message if isinstance(error, UsageError) else self.refused
            told = isinstance(error, PluginError)  # it names the plugin and what was called
            where = "" if told else f"{what} failed: "
            self.faults.append(f"{where}{described(error)} {advice}".strip())
            raise Unfinished from error

    @contextlib.contextmanager
    def part(self, promise: str = "") -> Iterator[None]:
        """Makes a part of a check, whose promise is kept if it has no fault."""
        before = len(self.faults)
        try:
            yield
        except Unfinished:
            return
        except Exception as error:  # the plugin gave something that the check cannot handle
            about = f" '{promise.rstrip('.')}'" if promise else ""
            self.faults.append(f"Checking{about} failed: {described(error)}")
        if promise and len(self.faults) == before:
            self.checked.append(promise)

    def include(self, name: str, check: Callable[..., list[str]], *given: Any) -> None:
        """Runs a whole check, and takes over what it finds with the name of what it is about."""
        with self.part(), self.attempt(f"Checking {name}"):
            try:
                self.checked += [f"{name}: {sentence}" for sentence in check(*given)]
            except Faults as error:
                self.checked += [f"{name}: {sentence}" for sentence in error.findings.checked]
                for fault in error.findings.faults:  # one mistake breaks several checks
                    if not any(known.endswith(fault) for known in self.faults):
                        self.faults.append(f"{name}: {fault}")

    def finish(self) -> list[str]:
        """Returns what was checked.

        Raises:
            Faults: Promises are broken.
        """
        if self.faults:
            raise Faults(self)
        return [*self.checked, *(f"Warning: {warning}" for warning in self.warnings)]


def described(error: Exception) -> str:
    """Says in one line what a plugin's code raised, and where if not on purpose."""
    if isinstance(error, PluginError):
        return error.message
    known = isinstance(error, DeepzooError)
    text = " ".join((str(error) if known else f"{type(error).__name__}: {error}").split())
    frames = frames_of(error.__cause__ or error)
    outside = [frame for frame in frames if frame[0] not in ("deepzoo", "contextlib", "importlib")]
    if not outside or (known and error.__cause__ is None):
        return text
    # The line of the plugin, not the one deep in a library that it called.
    _, file, line = [frame for frame in outside if frame[0] == outside[0][0]][-1]
    return f"{text.rstrip('.')} ({file}, line {line})."


def recipe_of(findings: Findings, given: Any, base: type[Recipe], category: str) -> Any:
    """Makes an instance from a class, an instance or a registered name."""
    if isinstance(given, str):
        from ..plugins import registry

        with findings.attempt(f"Finding the {category} '{given}'"):
            given = registry.find(category, given).cls
    cls = given if isinstance(given, type) else type(given)
    findings.require(
        issubclass(cls, base),
        f"{cls.__name__} must be a subclass of deepzoo.{base.__name__}.",
    )
    if isinstance(given, type):
        with findings.attempt(f"{cls.__name__}()", "Give every setting a default."):
            return given()
    return given


def check_recipe(findings: Findings, recipe: Recipe, category: str) -> None:
    """Checks what all recipes promise: a name, and settings with types, help and valid defaults."""
    from ..errors import PluginError
    from ..interfaces import settings
    from ..plugins import registration

    cls = type(recipe)
    try:
        registration.check_class(category, cls)
    except PluginError as error:
        findings.require(False, f"{cls.__name__} cannot be registered: {error.message}.")
    # A dataclass without a docstring gets its signature for one.
    documented = cls.__doc__ and not cls.__doc__.startswith(f"{cls.__name__}(")
    findings.expect(documented, f"Give {cls.__name__} a docstring: listings show its first line.")
    for setting in cls.settings():
        findings.expect(
            setting.help or setting.name not in inspect.get_annotations(cls),
            f"Say what {cls.__name__}.{setting.name} does: "
            f'write `{setting.name}: ... = deepzoo.setting({setting.default!r}, "...")`.',
        )
    advice = "Change the default or the type."
    with findings.attempt(f"Validating the settings of {cls.__name__}", advice):
        settings.validate(recipe, category)
        stored = json.loads(json.dumps(settings.qualified({category: recipe})))
        findings.expect(
            settings.restore({category: cls}, stored) == {category: recipe},
            f"The settings of {cls.__name__} change on their way through JSON: "
            "use numbers, strings, true and false, None and tuples of them.",
        )


def check_json(findings: Findings, data: Any, what: str) -> bool:
    """Checks that data are the same after a way through JSON."""
    try:
        same = json.loads(json.dumps(data)) == data
    except (TypeError, ValueError) as error:
        return findings.expect(False, f"{what} must be JSON data: {error}.")
    return findings.expect(
        same, f"{what} changes on its way through JSON: use lists, and strings as keys."
    )
