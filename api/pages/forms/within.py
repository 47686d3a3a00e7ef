"""The form of a next step on the page of its subject. It is sent to the form's own page, which
previews it and brings back what is wrong with everything typed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from api.http.kernel.reading import Reading
from api.pages.forms.drafts import find
from api.pages.forms.fields import FieldShown, Sheet, fields_shown
from api.pages.forms.last import last_values
from api.pages.forms.operations import Operation, operations
from api.pages.forms.shapes import shapes_of
from api.pages.titles import Titles
from domain.kernel.subject import Subject
from projections.engine.view import View
from record.store.record import Record


class FormWithin(NamedTuple):
    """A form with the values that its page settles, which nobody types."""

    operation: Operation
    address: str
    fields: Sequence[FieldShown]
    settled: Mapping[str, str]
    key: str
    version: int
    draft_at: datetime | None = None


def form_within(
    reading: Reading, view: View, titles: Titles, name: str, stream: str, **settled: str
) -> FormWithin:
    """The form of a command about a subject; `settled` are fields that the page settles."""
    operation = operations()[name]
    shapes = shapes_of(operation.command)
    record: Record = reading.request.app.state.record
    state: Subject = record.state(stream)
    typed = {**last_values(view, stream, shapes, reading.today), **settled}
    subject = stream.partition(":")[2]
    draft = find(reading.request, name, subject)
    sheet = Sheet(view, titles, reading.today, typed, {}, stream)
    return FormWithin(
        operation=operation,
        address=f"/forms/{name}/{subject}",
        fields=fields_shown([each for each in shapes if each.name not in settled], sheet),
        settled=settled,
        key=uuid4().hex,
        version=state.version,
        draft_at=draft and draft.saved_at,
    )
