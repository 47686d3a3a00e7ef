"""The streams that the fields of a command or an event name, by the marks on those fields."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from domain.kernel.ids import Named, Names

Find = Callable[[Any], Iterator[str]]


def streams_named(stated: BaseModel, *kinds: Named) -> Iterator[str]:
    """The streams of these kinds that the fields name, also those within a field."""
    for name, find in _finders(type(stated), kinds):
        yield from find(getattr(stated, name))


def fields_naming(model: type[BaseModel], *kinds: Named) -> tuple[str, ...]:
    """The fields of such a command or event that may name something of these kinds."""
    return tuple(name for name, _ in _finders(model, kinds))


@cache
def _finders(model: type[BaseModel], kinds: tuple[Named, ...]) -> tuple[tuple[str, Find], ...]:
    shapes = get_type_hints(model, include_extras=True)
    found = ((name, _finder(shapes[name], kinds)) for name in model.model_fields)
    return tuple((name, find) for name, find in found if find)


def _finder(shape: Any, kinds: tuple[Named, ...]) -> Find | None:
    """What finds the streams in a value of this shape; None if there can be none."""
    if get_origin(shape) is Annotated:
        inner, *marks = get_args(shape)
        what = next((m.what for m in marks if isinstance(m, Names)), None)
        if what in kinds:
            return lambda value: iter((f"{what}:{value}",) if value else ())
        return _finder(inner, kinds)
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return (lambda value: streams_named(value, *kinds)) if _finders(shape, kinds) else None
    finders = [find for part in get_args(shape) if (find := _finder(part, kinds))]
    if not finders:
        return None
    ((find),) = finders
    if get_origin(shape) is tuple:
        return lambda values: (stream for value in values for stream in find(value))
    return lambda value: find(value) if value is not None else iter(())
