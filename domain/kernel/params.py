"""The parameters of a refusal as JSON, for clients and for the envelope of an entry."""

from collections.abc import Mapping, Sequence
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


def params_from(kept: Mapping[str, Any]) -> dict[str, Param]:
    """The parameters that were kept as JSON in both languages, to be formatted as before: a day or
    a decimal is a text then."""
    return {name: _from_json(value) for name, value in kept.items()}


def _from_json(value: Any) -> Param:
    match value:
        case {"zh": zh, "en": en}:
            return Bilingual(zh=zh, en=en)
        case {"code": code, "params": params}:
            return Refused(code, **params_from(params))
        case {"from": begin, "until": until}:
            return DateSpan(date.fromisoformat(begin), until and date.fromisoformat(until))
        case list():
            return [_from_json(each) for each in value]
        case _:
            found: Param = value
            return found
