"""What a sentence shows of an event: titles and names, never a code or an id of something that has
one."""

from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from domain.catalogue import EVENTS
from domain.kernel.event import Event
from domain.kernel.ids import ID_PATTERN
from projections.sentences import marked

SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
# People have an id and, for now, no name on record; a log is named as a host is.
OWN_NAMES = {"person", "origin"}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_what_a_sentence_shows_by_an_id_or_a_code_is_named_in_it(event: type[Event]) -> None:
    shown = {name for _, name, _, _ in Formatter().parse(event.sentence.zh) if name}
    schema = event.model_json_schema()["properties"]
    bare = {
        name
        for name in shown - marked(event).keys() - OWN_NAMES
        if not {ID_PATTERN, SLUG_PATTERN}.isdisjoint(patterns(schema[name]))
    }

    assert bare == set()


def patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for value in schema.values():
            yield from patterns(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from patterns(value)
