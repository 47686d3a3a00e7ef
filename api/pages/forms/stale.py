"""What changed since a form was opened: the sentences recorded meanwhile, and field by field."""

from collections.abc import Sequence
from typing import NamedTuple

from api.http.kernel.reading import Reading
from api.http.kernel.rendering import page_language
from api.pages.forms.fields import FieldShown, Sheet, fields_shown
from api.pages.forms.last import KNOWN, known_values
from api.pages.forms.shapes import FieldShape
from api.pages.recorded import recorders
from domain.kernel.ids import kind_of
from projections import timeline
from projections.engine.view import ReadModels, View
from projections.sentences import sentences_in
from record.store.entry import AnyEntry

CHANGES_MAX = 20
HISTORY_MAX = 5_000


class Change(NamedTuple):
    """What was recorded: the sentence, by whom, and the entry."""

    said: str
    person: str
    unit: str
    position: int


class FieldChange(NamedTuple):
    """A field whose value was another when the form was opened, with what was typed."""

    label: str
    then: str
    now: str
    typed: str


class Stale(NamedTuple):
    """All that changed."""

    changes: Sequence[Change] = ()
    fields: Sequence[FieldChange] = ()


def changed_since(
    reading: Reading, version: int, shapes: Sequence[FieldShape], sheet: Sheet
) -> Stale:
    """What changed in the subject of a form since this version of it."""
    every = timeline.history(sheet.view, sheet.stream, limit=HISTORY_MAX)
    entries = [each.entry for each in every if each.entry.stream == sheet.stream]
    newer = [each for each in entries if each.version > version]
    opened_at = max((each.position for each in entries if each.version <= version), default=0)
    return Stale(
        _changes(reading, sheet.view, newer[-CHANGES_MAX:]),
        _fields(reading, opened_at, shapes, sheet) if opened_at else (),
    )


def _changes(reading: Reading, view: View, entries: Sequence[AnyEntry]) -> list[Change]:
    by = recorders(view, entries)
    said = sentences_in(view, entries, page_language(reading.request))
    whom = [by[each.position] for each in entries]
    return [
        Change(text, who.person or "", who.unit or "", each.position)
        for each, text, who in zip(entries, said, whom, strict=True)
    ]


def _fields(
    reading: Reading, opened_at: int, shapes: Sequence[FieldShape], sheet: Sheet
) -> list[FieldChange]:
    """The fields whose values were others at the position at which the form was opened."""
    models: ReadModels = reading.request.app.state.models
    asked = [each for each in shapes if each.name in KNOWN.get(kind_of(sheet.stream), ())]
    with models.view(known=opened_at, wait_seconds=0, scope=reading.scope) as before:
        was = sheet._replace(view=before, typed=known_values(before, sheet.stream, sheet.day))
        then = [_said(each) for each in fields_shown(asked, was)]
    now = sheet._replace(typed=known_values(sheet.view, sheet.stream, sheet.day))
    typed = fields_shown(asked, sheet)
    return [
        FieldChange(mine.cell.words.label, before_, _said(after), _said(mine))
        for before_, after, mine in zip(then, fields_shown(asked, now), typed, strict=True)
        if before_ != _said(after)
    ]


def _said(field: FieldShown) -> str:
    """The value of a field as people read it."""
    return dict(field.cell.choices).get(field.cell.value, field.cell.value)
