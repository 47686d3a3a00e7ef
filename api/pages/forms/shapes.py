"""The shape of a command's form: which input each field takes, from its annotation alone."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.kernel.ids import ID_PATTERN, Named, Names
from projections.meant import Register

Kind = Literal[
    "text",
    "long",
    "day",
    "number",
    "decimal",
    "yes",
    "choice",
    "rows",
    "lines",
    "terms",
    "named",
    "all-named",
]
ONE_LINE_MAX = 200
REGISTERS = get_args(Register)


class FieldShape(NamedTuple):
    """A field: what input it takes. `names` is what its value names, `values` are all that it may
    have, `columns` the fields of each row of a list, `own` marks an id that the command derives.

    What is `named` is on a register and found by its name; `all-named` is a list of such.
    """

    name: str
    model: str
    kind: Kind
    required: bool
    names: Named | None = None
    values: tuple[str, ...] = ()
    least: Any = None
    most: Any = None
    characters_max: int | None = None
    columns: tuple["FieldShape", ...] = ()
    own: bool = False
    default: Any = None


@cache
def shapes_of(model: type[BaseModel]) -> tuple[FieldShape, ...]:
    """The fields of a model, in their order."""
    return tuple(_shape(model.__name__, name, info) for name, info in model.model_fields.items())


def _shape(model: str, name: str, info: FieldInfo) -> FieldShape:
    marks = [*info.metadata, *_marks(info.annotation)]
    core, optional = _core(info.annotation)
    names = next((mark.what for mark in marks if isinstance(mark, Names)), None)
    shape = FieldShape(
        name=name,
        model=model,
        kind="text",
        required=info.is_required() and not optional,
        names=names,
        least=next((mark.ge for mark in marks if isinstance(mark, Ge)), None),
        most=next((mark.le for mark in marks if isinstance(mark, Le)), None),
        characters_max=next((mark.max_length for mark in marks if isinstance(mark, MaxLen)), None),
        own=names is None and optional and _is_id(marks),
        default=None if info.is_required() else info.default,
    )
    return _of_kind(shape, core)


def _of_kind(shape: FieldShape, core: Any) -> FieldShape:
    origin = get_origin(core)
    if origin is Literal:
        return shape._replace(kind="choice", values=tuple(map(str, get_args(core))))
    if origin is dict:
        return shape._replace(kind="terms")
    if origin is tuple:
        inner, _ = _core(get_args(core)[0])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return shape._replace(kind="rows", columns=shapes_of(inner))
        return shape._replace(kind="all-named" if shape.names in REGISTERS else "lines")
    if core is bool:
        return shape._replace(kind="yes")
    if core is date:
        return shape._replace(kind="day")
    if core is int:
        return shape._replace(kind="number")
    if core is Decimal:
        return shape._replace(kind="decimal")
    if shape.names:
        return shape._replace(kind="named" if shape.names in REGISTERS else "choice")
    long = (shape.characters_max or 0) > ONE_LINE_MAX
    return shape._replace(kind="long" if long else "text")


def _core(annotation: Any) -> tuple[Any, bool]:
    """The type without what annotates it, and whether it may be None."""
    if hasattr(annotation, "__metadata__"):
        return _core(annotation.__origin__)
    if get_origin(annotation) in (Union, UnionType):
        parts = get_args(annotation)
        others = [part for part in parts if part is not NoneType]
        core, _ = _core(others[0])
        return core, NoneType in parts
    return annotation, False


def _marks(annotation: Any) -> Iterator[Any]:
    for mark in getattr(annotation, "__metadata__", ()):
        yield mark
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
    for part in get_args(annotation):
        yield from _marks(part)


def _is_id(marks: list[Any]) -> bool:
    return any(getattr(mark, "pattern", None) == ID_PATTERN for mark in marks)
