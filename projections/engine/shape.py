"""What a read answers: declared once, filled by a query and answered by the API."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A frozen shape whose fields are the columns of a query."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The shape that a row of ours fills; its columns are typed, so none is validated again."""
        return super().model_construct(**row)
