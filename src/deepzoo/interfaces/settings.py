"""Settings: from `--set key=value` to validated recipes, and from `run.json` back.

Keys are plain (`units`) or qualified by their owner (`model.units`). pydantic checks the
values, and only those that were given; it is never imported to list anything.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from ..errors import CheckpointError, PluginError, UsageError
from ..system.files import plain_json
from .recipe import Recipe

if TYPE_CHECKING:
    from .dataset import Dataset
    from .kinds import KindSettings
    from .model import Model
    from .task import Task

Owners = Mapping[str, type[Recipe]]
_WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
}
_BOUNDS = {
    "ge": "at least {}",
    "gt": "above {}",
    "le": "at most {}",
    "lt": "below {}",
    "min_length": "with at least {} of them",
    "max_length": "with at most {} of them",
    "multiple_of": "a multiple of {}",
}


@dataclasses.dataclass(frozen=True)
class Recipes:
    """The dataset, kind, task and model of a run, each with its settings."""

    dataset: Dataset
    kind: KindSettings
    task: Task
    model: Model


def parse(assignments: Iterable[str]) -> dict[str, str]:
    """Splits `key=value` arguments.

    Examples:
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


def assign(
    owners: Owners, assignments: Mapping[str, Any], stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Makes the recipes of a run from settings in one flat namespace.

    Args:
        owners: Recipe classes by owner: `dataset`, `kind`, `task`, `model`.
        assignments: Values by plain or qualified key; strings are converted.
        stored: Values by qualified key, as `qualified` returned them, that are taken where
            `assignments` has none.

    Returns:
        One recipe per owner; the other settings have their defaults.

    Raises:
        UsageError: A key has no owner or more than one, or a value is not allowed.
    """
    values: dict[str, dict[str, Any]] = {owner: {} for owner in owners}
    for key, value in assignments.items():
        owner, name = resolve(owners, key)
        if name in values[owner]:
            raise UsageError(f"Setting '{owner}.{name}' is given twice.")
        values[owner][name] = check(owner, owners[owner], name, value)
    for key, value in (stored or {}).items():
        owner, _, name = key.partition(".")
        values[owner].setdefault(name, _frozen(value))
    return {owner: _make(owners[owner], owner, values[owner]) for owner in owners}


def resolve(owners: Owners, key: str) -> tuple[str, str]:
    """Returns the owner and the plain name of a setting.

    Raises:
        UsageError: No owner has the setting, or more than one has it.
    """
    prefix, dot, name = key.replace("-", "_").rpartition(".")
    having = [owner for owner, cls in owners.items() if name in _names(cls)]
    if dot:
        having = [owner for owner in having if owner == prefix]
    if len(having) == 1:
        return having[0], name
    if having:
        spellings = " or ".join(f"{owner}.{name}=" for owner in having)
        raise UsageError(
            f"Setting '{name}' belongs to the {' and the '.join(having)}.", f"Write {spellings}"
        )
    model = owners.get("model")
    hint = f"List them with: deepzoo info {model.name}" if model and model.name else ""
    if model and name in _fields(model) and prefix in ("", "model"):
        raise UsageError(f"'{model.name}' is trained without the setting '{name}'.", hint)
    raise UsageError(f"There is no setting '{key}'.{_closest(owners, key)}", hint)


def check(owner: str, cls: type[Recipe], name: str, value: Any) -> Any:
    """Converts and validates one value.

    Raises:
        UsageError: The value is not allowed; the message says which ones are.
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
    """Checks every setting of a recipe that was made in Python, and returns the recipe."""
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
    """Makes recipes from the result of `qualified`, without validating again.

    A setting that is missing is younger than the run. It takes the default with which it was
    declared, at which all is as before; that in `defaults` is for new runs.

    Raises:
        CheckpointError: A stored setting does not exist in the recipe.
    """
    values = {owner: _declared(cls) for owner, cls in owners.items()}
    for key, value in stored.items():
        owner, _, name = key.partition(".")
        if owner not in owners or name not in _fields(owners[owner]):
            what = f"'{owners[owner].name or owner}'" if owner in owners else f"the {owner}"
            raise CheckpointError(
                f"The run was made with the setting '{key}' = {value!r:.80}, "
                f"which {what} does not have in the installed version."
            )
        values[owner][name] = _frozen(value)
    return {owner: _make(owners[owner], owner, values[owner]) for owner in owners}


def _declared(cls: type[Recipe]) -> dict[str, Any]:
    """Returns the defaults that settings were declared with."""
    bases = [base for base in reversed(cls.__mro__) if issubclass(base, Recipe)]
    return {
        name: vars(base)[name]
        for base in bases
        for name in _names(cls)
        if name in vars(base).get("__annotations__", {})
    }


def _make(cls: type[Recipe], owner: str, values: dict[str, Any]) -> Recipe:
    try:
        return cls(**values)
    except (TypeError, ValueError) as error:  # a check of its own, in __post_init__
        raise UsageError(f"Settings of the {owner} '{cls.name}' do not fit: {error}") from error


def _names(cls: type[Recipe]) -> list[str]:
    return [item.name for item in cls.settings()]


def _fields(cls: type[Recipe]) -> list[str]:
    """Returns the names of all settings, of those that a model ignores, too."""
    return [field.name for field in dataclasses.fields(cls)]  # pyright: ignore[reportArgumentType]


def _annotations(cls: type[Recipe]) -> dict[str, Any]:
    """Resolves the types of all settings; a setting that is declared again keeps its bounds."""
    try:
        annotations = cls.annotations()
        for base in cls.__mro__[1:]:
            if issubclass(base, Recipe) and base is not Recipe:
                for name, annotation in base.annotations().items():
                    if name in annotations:
                        annotations[name] = _with_bounds_of(annotations[name], annotation)
        return annotations
    except NameError as error:
        raise PluginError(
            f"The types of the settings of {cls.__module__}.{cls.__qualname__} "
            f"cannot be read: {error}.",
            "Import the names they use at the top of the module.",
        ) from error


def _convert(annotation: Any, value: Any) -> Any:
    """Converts a string from the command line, or a number of NumPy, for the annotation."""
    if not isinstance(value, str):
        return value.item() if getattr(value, "ndim", None) == 0 else value
    if _accepts_none(annotation) and value.strip().lower() == "none":
        return None
    for option in _options_of(annotation):
        if value == str(option):
            return option
    element = _element_of(annotation)
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


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def describe(annotation: Any) -> str:
    """Returns the allowed values in words; empty if the annotation has other rules than bounds.

    Examples:
        >>> from annotated_types import Ge, Lt
        >>> describe(Annotated[float, Ge(0), Lt(1)])
        'a number, at least 0 and below 1'
        >>> describe(Literal["adam", "sgd"])
        "one of 'adam', 'sgd'"
    """
    if get_origin(annotation) is Annotated:
        inner, *rules = get_args(annotation)
        bounds = [_bound(rule) for rule in rules]
        if not all(bounds):
            return ""
        return f"{describe(inner)}, {' and '.join(bounds)}"
    if get_origin(annotation) is Literal:
        return f"one of {', '.join(repr(option) for option in get_args(annotation))}"
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [describe(part) for part in get_args(annotation)]
        return " or ".join(parts) if all(parts) else ""
    if annotation in (None, type(None)):
        return "none"
    element = _element_of(annotation)
    if element is not None:
        return f"a list with commas, each {describe(element)}" if describe(element) else ""
    return _WORDS.get(annotation, "")


def _bound(rule: Any) -> str:
    values = {name: getattr(rule, name, None) for name in _BOUNDS}
    values["min_length"] = values["min_length"] or None  # 0 by default in `Len`: no bound
    return " and ".join(
        _BOUNDS[name].format(value) for name, value in values.items() if value is not None
    )


def _with_bounds_of(annotation: Any, other: Any) -> Any:
    """Adds the bounds of another annotation that are not there already."""
    own = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    rules = get_args(other)[1:] if get_origin(other) is Annotated else ()
    for rule in rules:
        if rule not in own:
            annotation = Annotated[annotation, rule]
    return annotation


def _accepts_none(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _accepts_none(get_args(annotation)[0])
    return annotation in (None, type(None)) or (
        get_origin(annotation) in (Union, types.UnionType)
        and any(map(_accepts_none, get_args(annotation)))
    )


def _options_of(annotation: Any) -> tuple[Any, ...]:
    """Returns the options of a `Literal`, wherever it stands in the annotation."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in (Annotated, Union, types.UnionType):
        return tuple(option for part in get_args(annotation) for option in _options_of(part))
    return ()


def _element_of(annotation: Any) -> Any | None:
    """Returns the type of the elements of a tuple or list, or None for anything else."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _element_of(parts[0])
    if origin in (Union, types.UnionType):
        return next((element for part in parts if (element := _element_of(part)) is not None), None)
    if origin in (tuple, list) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return parts[0] if parts else str
    return None
