"""Names in place of ids among the options of an operation: `--person 李娜`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from re import fullmatch
from typing import Any

from api.cli.openapi import Field, OptionValues
from domain.kernel.ids import ID_PATTERN
from projections.engine.view import View
from projections.meant import Registers
from record.store.record import Record


def with_ids(
    chosen: OptionValues, record: Record, view: Callable[[], AbstractContextManager[View]]
) -> OptionValues:
    """The values with the ids of whom they mean by name, code or initials.

    `view` opens the read models, which are asked only about what is no id on record.
    """
    if not any(_is_name(field, value, record) for field, value in chosen):
        return chosen
    with view() as opened:
        registers = Registers(opened, record.today())
        return [(field, _id(field, value, record, registers)) for field, value in chosen]


def _is_name(field: Field, value: Any, record: Record) -> bool:
    what = field.schema.get("x-names")
    if what is None or not value or not isinstance(value, str):
        return False
    if not fullmatch(ID_PATTERN, value):
        return True
    return not record.state(f"{what}:{value}").version


def _id(field: Field, value: Any, record: Record, registers: Registers) -> Any:
    if not _is_name(field, value, record):
        return value
    return registers.meant(field.schema["x-names"], value).id
