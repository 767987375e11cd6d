"""Settings: from `--set key=value` to validated recipes, and back from `run.json`.

Keys are plain (`units`) or say whose they are (`model.units`). pydantic checks the
values, and only those that were given; it is never imported to list anything.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import CheckpointError, PluginError, UsageError
from ..system.files import plain_json
from .recipe import Recipe
from .setting_types import accepts_none, describe, options_of, sequence_of, with_rules_of

if TYPE_CHECKING:
    from .dataset import Dataset
    from .kinds import KindSettings
    from .model import Model
    from .task import Task

Owners = Mapping[str, type[Recipe]]


@dataclasses.dataclass(frozen=True)
class Recipes:
    """The dataset, kind, task and model of a run, each with its settings."""

    dataset: Dataset
    kind: KindSettings
    task: Task
    model: Model


def parse(assignments: Iterable[str]) -> dict[str, str]:
    """Splits `key=value` arguments.

    Example:
        >>> parse(["units=64", "model.dropout=0.1"])
        {'units': '64', 'model.dropout': '0.1'}
    """
    parsed: dict[str, str] = {}
    for assignment in assignments:
        key, separator, value = assignment.partition("=")
        key = key.strip()
        if not separator or not key:
            raise UsageError(f"A setting is written key=value. Received: {assignment!r}.")
        if key in parsed:
            raise UsageError(f"Setting '{key}' is given twice: {parsed[key]!r} and {value!r}.")
        parsed[key] = value
    return parsed


def assign(owners: Owners, assignments: Mapping[str, Any]) -> dict[str, Any]:
    """Makes the recipes of a run from settings in one flat namespace.

    Args:
        owners: Recipe classes by owner: `dataset`, `kind`, `task`, `model`.
        assignments: Values by plain or qualified key; strings are converted.

    Returns:
        One recipe per owner; what was not assigned keeps its default.

    Raises:
        UsageError: A key that nobody or more than one owns, or a value out of range.
    """
    values: dict[str, dict[str, Any]] = {owner: {} for owner in owners}
    for key, value in assignments.items():
        owner, name = resolve(owners, key)
        if name in values[owner]:
            raise UsageError(f"Setting '{owner}.{name}' is given twice.")
        values[owner][name] = check(owner, owners[owner], name, value)
    return {owner: _make(owners[owner], owner, values[owner]) for owner in owners}


def resolve(owners: Owners, key: str) -> tuple[str, str]:
    """Finds whose setting a key is.

    Returns:
        The owner and the plain name.
    """
    prefix, dot, name = key.replace("-", "_").rpartition(".")
    having = [owner for owner, cls in owners.items() if name in _names(cls)]
    if dot:
        if prefix in having:
            return prefix, name
        raise UsageError(f"There is no setting '{key}'.{_closest(owners, key)}", _list_hint(owners))
    if len(having) == 1:
        return having[0], name
    if having:
        spellings = " or ".join(f"{owner}.{name}=" for owner in having)
        raise UsageError(
            f"Setting '{name}' belongs to the {' and the '.join(having)}.", f"Write {spellings}"
        )
    raise UsageError(f"There is no setting '{key}'.{_closest(owners, key)}", _list_hint(owners))


def check(owner: str, cls: type[Recipe], name: str, value: Any) -> Any:
    """Converts and validates one value.

    Raises:
        UsageError: It is not allowed; the message says what is.
    """
    from pydantic import TypeAdapter, ValidationError

    annotation = _annotations(cls)[name]
    try:
        if isinstance(value, bool) and "true" not in describe(annotation):
            raise ValueError("a truth value is not a number")  # pydantic takes True for 1
        adapter = TypeAdapter(annotation, config={"allow_inf_nan": False})
        return adapter.validate_python(_convert(annotation, value))
    except (ValidationError, ValueError) as error:
        allowed = describe(annotation)
        if not allowed and isinstance(error, ValidationError):
            allowed = "; ".join(item["msg"] for item in error.errors())
        raise UsageError(
            f"Setting {owner}.{name} of '{cls.name or cls.__name__}' must be {allowed}. "
            f"Received: {value!r:.80}."
        ) from None


def validate(recipe: Recipe, owner: str = "") -> Recipe:
    """Checks every setting of a recipe that was made in Python, and returns it."""
    for name, value in recipe.as_dict().items():
        check(owner or type(recipe).__name__, type(recipe), name, value)
    return recipe


def qualified(recipes: Mapping[str, Recipe]) -> dict[str, Any]:
    """Returns all settings as JSON data under qualified keys, as `run.json` stores them."""
    return {
        f"{owner}.{name}": plain_json(value)
        for owner, recipe in recipes.items()
        for name, value in recipe.as_dict().items()
    }


def restore(owners: Owners, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Makes recipes from what `qualified` returned, without validating again.

    Raises:
        CheckpointError: A setting is stored that the recipe does not have.
    """
    values: dict[str, dict[str, Any]] = {owner: {} for owner in owners}
    for key, value in stored.items():
        owner, _, name = key.partition(".")
        if owner not in owners or name not in _names(owners[owner]):
            what = f"'{owners[owner].name or owner}'" if owner in owners else f"the {owner}"
            raise CheckpointError(
                f"The run was made with the setting '{key}' = {value!r:.80}, "
                f"which {what} does not have in the installed version."
            )
        values[owner][name] = _frozen(value)
    return {owner: _make(owners[owner], owner, values[owner]) for owner in owners}


def _make(cls: type[Recipe], owner: str, values: dict[str, Any]) -> Recipe:
    try:
        return cls(**values)
    except (TypeError, ValueError) as error:  # a check of its own, in __post_init__
        raise UsageError(f"Settings of the {owner} '{cls.name}' do not fit: {error}") from error


def _names(cls: type[Recipe]) -> list[str]:
    return [field.name for field in dataclasses.fields(cls)]  # pyright: ignore[reportArgumentType]


def _annotations(cls: type[Recipe]) -> dict[str, Any]:
    """Resolves the types of all settings; one that is declared again keeps its old bounds."""
    try:
        found = cls.annotations()
        for base in cls.__mro__[1:]:
            if issubclass(base, Recipe) and base is not Recipe:
                for name, annotation in base.annotations().items():
                    found[name] = with_rules_of(found[name], annotation)
        return found
    except NameError as error:
        raise PluginError(
            f"The types of the settings of {cls.__module__}.{cls.__qualname__} "
            f"cannot be read: {error}.",
            "Import what they name at the top of the module",
        ) from error


def _convert(annotation: Any, value: Any) -> Any:
    """Reads what the command line can only say in a string."""
    if not isinstance(value, str):
        return value
    if accepts_none(annotation) and value.strip().lower() == "none":
        return None
    for option in options_of(annotation):
        if value == str(option):
            return option
    element = sequence_of(annotation)
    if element is None:
        return value
    if value.startswith("["):
        return json.loads(value)
    return [_convert(element, part.strip()) for part in value.split(",") if part.strip()]


def _closest(owners: Owners, key: str) -> str:
    prefix, _, name = key.replace("-", "_").rpartition(".")
    names = [known for cls in owners.values() for known in _names(cls)]
    own = [f"{prefix}.{known}" for known in _names(owners[prefix])] if prefix in owners else []
    close = [name] if name in names else []
    close = close or difflib.get_close_matches(f"{prefix}.{name}", own, n=1, cutoff=0.8)
    close = close or difflib.get_close_matches(name, names, n=1)
    return f" Did you mean '{close[0]}'?" if close else ""


def _list_hint(owners: Owners) -> str:
    model = owners.get("model")
    return f"List them with: deepzoo info {model.name}" if model and model.name else ""


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
