"""The parameters of a refusal as JSON, for clients."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.kernel.refusal import REASONS_MAX, Param, Refused
from domain.kernel.text import Bilingual, Language
from domain.kernel.timeline import DateSpan


def params_of(refusal: Refused, language: Language | None) -> dict[str, Any]:
    """Each parameter by name: days as 2024-06-30, decimals as text, spans of days as
    `{"from", "until"}`, refusals as `{"code", "params"}`, the first fifty of a list.

    Texts are in the language, or `{"zh", "en"}` if none is given.
    """
    return {name: _in_json(value, language) for name, value in refusal.params.items()}


def _in_json(value: Param, language: Language | None) -> Any:
    match value:
        case Refused():
            return {"code": value.code, "params": params_of(value, language)}
        case Bilingual():
            return value.in_(language) if language else value.model_dump()
        case DateSpan(begin, until):
            return {"from": begin.isoformat(), "until": until and until.isoformat()}
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case str() | int() | None:
            return value
        case Sequence():
            return [_in_json(each, language) for each in value[:REASONS_MAX]]
