"""The fields of a form as a page shows them: words, input, what was typed, what is wrong."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from api.pages.forms.belonging import belonging
from api.pages.forms.choices import Choice, choices_of
from api.pages.forms.naming import Shown, shown
from api.pages.forms.posts import Typed, value_of
from api.pages.forms.shapes import FieldShape
from api.pages.forms.words import FieldWords, field_words
from api.pages.titles import Titles
from domain.kernel.policy import Policy
from projections.engine.view import View
from projections.meant import Candidate

BLANK_ROWS = 3
RADIOS_MAX = 7
CHOSEN = ("choice", "lines")
NAMED = ("named", "all-named")


class CellShown(NamedTuple):
    """An input: a field of its own, or a cell of an entry table.

    `was` is the value of the hidden input beside a name; `candidates` are what a line of it may
    mean, to choose from.
    """

    name: str
    shape: FieldShape
    words: FieldWords
    value: str
    choices: Sequence[Choice]
    problem: str | None
    was: str = ""
    candidates: Sequence[tuple[str, Candidate]] = ()


class TermShown(NamedTuple):
    """A row of a table of terms, such as an indicator with its value."""

    name: str
    title: str
    unit: str
    value: str
    yes_no: bool
    problem: str | None


class FieldShown(NamedTuple):
    """A field with everything in it."""

    cell: CellShown
    radios: bool
    rows: Sequence[Sequence[CellShown]]
    terms: Sequence[TermShown]


class Sheet(NamedTuple):
    """What the fields of a form are filled from."""

    view: View
    titles: Titles
    day: date
    typed: Typed
    problems: Mapping[str, str]
    stream: str = ""
    candidates: Mapping[str, Sequence[tuple[str, Candidate]]] = MappingProxyType({})


def fields_shown(shapes: Sequence[FieldShape], sheet: Sheet) -> list[FieldShown]:
    """The fields that somebody fills in: ids that the command derives are left out."""
    return [_field(shape, sheet) for shape in shapes if not shape.own]


def _field(shape: FieldShape, sheet: Sheet) -> FieldShown:
    cell = _cell(shape, shape.name, sheet)
    rows: list[list[CellShown]] = []
    if shape.kind == "rows":
        count = BLANK_ROWS
        while any(
            key.startswith(f"{shape.name}.{count - 1}.") for key, v in sheet.typed.items() if v
        ):
            count += 1
        rows = [
            [_cell(each, f"{shape.name}.{index}.{each.name}", sheet) for each in shape.columns]
            for index in range(count)
        ]
    return FieldShown(
        cell=cell,
        radios=shape.kind not in ("lines", "all-named") and 0 < len(cell.choices) <= RADIOS_MAX,
        rows=rows,
        terms=_terms(shape, sheet) if shape.kind == "terms" else (),
    )


def _cell(shape: FieldShape, name: str, sheet: Sheet) -> CellShown:
    choices = choices_of(shape, sheet.titles) if shape.kind in CHOSEN else ()
    choices = choices or belonging(sheet.view, sheet.stream, shape, sheet.day)
    text = value_of(shape, name, sheet.typed)
    named = shape.kind in NAMED and not choices
    told = shown(sheet.view, shape, text, sheet.day) if named else Shown(text, "")
    return CellShown(
        name=name,
        shape=shape,
        words=field_words(shape.model, shape.name, sheet.titles.language),
        value=told.value,
        was=told.was,
        candidates=sheet.candidates.get(name, ()),
        choices=choices,
        problem=sheet.problems.get(name),
    )


def _terms(shape: FieldShape, sheet: Sheet) -> list[TermShown]:
    policy: Policy | None = sheet.titles.policy
    terms = policy.terms(shape.names or "indicator") if policy else ()
    units = {each.code: str(each.unit) for each in policy.indicators} if policy else {}
    return [
        TermShown(
            name=f"{shape.name}.{term.code}",
            title=term.title.in_(sheet.titles.language),
            unit="%" if units.get(term.code) == "percent" else "",
            value=sheet.typed.get(f"{shape.name}.{term.code}", ""),
            yes_no=units.get(term.code) not in ("percent", "count", None),
            problem=sheet.problems.get(f"{shape.name}.{term.code}"),
        )
        for term in terms
    ]
