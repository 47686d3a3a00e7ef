"""What is wrong with a form: each problem beside its field, and all of them in the summary."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from api.pages.forms.shapes import FieldShape
from api.validation import errors_of
from domain.kernel.refusal import Refused
from domain.kernel.text import Language
from projections import places
from projections.engine.view import View

BODY = "#/"


class Problems(NamedTuple):
    """The problem of each field, by the name of its input, and those of none."""

    fields: Mapping[str, str]
    general: Sequence[str]


def of_validation(refusal: ValidationError, language: Language) -> Problems:
    """The problems of what the command's model cannot read."""
    errors = [{**each, "loc": ("body", *each["loc"])} for each in refusal.errors()]
    fields: dict[str, str] = {}
    for each in errors_of(errors, language):
        name = each["pointer"].removeprefix(BODY).replace("/", ".")
        fields.setdefault(name, each["detail"])
    return Problems(fields, ())


def of_refusal(
    view: View,
    refusal: Refused,
    command: BaseModel,
    shapes: Sequence[FieldShape],
    language: Language,
) -> Problems:
    """The problem of a rule: beside the field that it names, or whose value it quotes."""
    words = refusal.words.in_(language)
    for stream, name in places.names(view, places.mentioned([refusal.words])).items():
        words = re.sub(rf" ?{re.escape(stream)} ?" if language == "zh" else stream, name, words)
    field = _field(refusal, command, shapes)
    return Problems({field: words}, ()) if field else Problems({}, (words,))


def _field(refusal: Refused, command: BaseModel, shapes: Sequence[FieldShape]) -> str | None:
    names = [each.name for each in shapes if not each.own]
    named = refusal.params.get("field")
    if isinstance(named, str):
        return named
    values: dict[str, Any] = {name: getattr(command, name) for name in names}
    for given in refusal.params.values():
        fitting = [name for name, value in values.items() if value is not None and value == given]
        if len(fitting) == 1:
            return fitting[0]
    return next((name for name in names if name in refusal.params), None)
