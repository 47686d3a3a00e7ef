"""The base of everything that can be recorded. Event classes are for ever: see ADR 2."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.kernel.text import Bilingual

T = TypeVar("T")


class Event(BaseModel):
    """Something that happened, in the past tense.

    `sentence` describes it to a reader: a format string over its fields, in both languages.
    `proposes`: its days are only proposed and do not take effect by it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentence: ClassVar[Bilingual]
    proposes: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        assert cls.__doc__, f"{cls.__name__} needs a docstring: it documents the record."


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """An event that a command records on a stream other than its own."""

    stream: str
    event: Event


def chunks(values: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """The values in order, in groups that fit into one entry."""
    return (tuple(values[begin : begin + size]) for begin in range(0, len(values), size))
