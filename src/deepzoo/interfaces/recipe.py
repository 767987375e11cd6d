"""Recipe: the frozen dataclass on which Dataset, Model, Task and KindSettings are based.

Recipes are imported, listed and described without Keras, NumPy or pydantic. Their
dataclass fields are their settings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, dataclass_transform, get_type_hints


def setting(default: Any, help: str) -> Any:
    """Declares a setting of a recipe: a dataclass field with a help text.

    Examples:
        >>> from typing import Annotated
        >>> from annotated_types import Ge
        >>> class Haiku(Recipe):
        ...     name = "haiku"
        ...     lines: Annotated[int, Ge(1)] = setting(3, "lines in a poem")
        >>> Haiku().lines
        3
    """
    return dataclasses.field(default=default, metadata={"help": help})


class Setting(NamedTuple):
    """A setting as listings show it."""

    name: str
    annotation: str
    default: Any
    help: str


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Recipe:
    """Base of what plugins register: a name, and settings with types and bounds.

    Subclasses become frozen, keyword-only dataclasses automatically. Bounds are
    `annotated_types` inside `Annotated`; pydantic checks them when a command uses the
    recipe (`deepzoo.interfaces.settings.check`).

    Attributes:
        name: As users type it.
        defaults: New defaults of inherited settings, which keep their types and help texts.

    Examples:
        >>> class Poem(Recipe):
        ...     lines: int = setting(4, "lines in a poem")
        >>> class Sonnet(Poem):
        ...     defaults = {"lines": 14}
        >>> Sonnet().lines
        14
    """

    name: ClassVar[str] = ""
    defaults: ClassVar[Mapping[str, Any]] = {}
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "allow_inf_nan": False}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        inherited = getattr(cls, "__dataclass_fields__", {})
        if "__annotations__" not in cls.__dict__:
            cls.__annotations__ = {}
        own = cls.__annotations__
        changed = cls.__dict__.get("defaults", {})
        for name, default in changed.items():
            if name not in inherited:
                raise TypeError(f"{cls.__name__}.defaults: '{name}' is not an inherited setting.")
            field = dataclasses.field(default=default, metadata=inherited[name].metadata)
            setattr(cls, name, field)
            own[name] = inherited[name].type
        # What the base class has need not be compiled for each of a hundred recipes.
        dataclasses.dataclass(frozen=True, kw_only=True, eq=False, repr=False)(cls)
        for name in changed:
            del own[name]  # its type is resolved in the module of the base, which declares it

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__qualname__}({values})"

    @classmethod
    def settings(cls) -> list[Setting]:
        """Describes every setting of this recipe, in the order of declaration."""
        return [
            Setting(field.name, str(field.type), field.default, field.metadata.get("help", ""))
            for field in dataclasses.fields(cls)  # pyright: ignore[reportArgumentType]
        ]

    @classmethod
    def annotations(cls) -> dict[str, Any]:
        """Resolves the type of every setting, bounds included."""
        hints = get_type_hints(cls, include_extras=True)
        return {item.name: hints[item.name] for item in cls.settings()}

    def as_dict(self) -> dict[str, Any]:
        """Returns the settings and their values as plain data."""
        return {item.name: getattr(self, item.name) for item in self.settings()}
