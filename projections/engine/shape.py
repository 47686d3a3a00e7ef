"""The shape of a read's answer: declared once, filled by a query and returned by the API."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A frozen shape; one that a query fills has its columns as fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The shape that a row fills, whatever other columns it has. Its fields are checked: that
        takes a third of the time of `model_construct`, which does so in Python."""
        shape: Self = cls.__pydantic_validator__.validate_python(row, extra="ignore")
        return shape
