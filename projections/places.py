"""Adds the names of places to refusals that only know their ids.

A rule that does not know a place's name writes its stream, `community:k7m2…` or
`jurisdiction:d4f7…`, and `unit:…` for an acting unit, which may be either or neither.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from domain.kernel.text import Bilingual
from projections import organisation, register
from projections.engine.view import View

_PLACE = re.compile(
    r"(?<![a-z])(?P<kind>community|jurisdiction|unit):(?P<id>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)"
)


def with_names(words: Bilingual, names: Mapping[str, str]) -> Bilingual:
    """The text with each place's name before its id; an id without a name stays as it is."""

    def named(found: re.Match[str], form: str) -> str:
        kind, id = found["kind"], found["id"]
        if name := names.get(id):
            return form.format(name=name, id=id)
        return found[0].replace("unit:", "") if kind == "unit" else found[0]

    # Chinese has no blanks around a name.
    zh = re.sub(f" ?{_PLACE.pattern} ?", lambda found: named(found, "{name}（{id}）"), words.zh)
    return Bilingual(zh=zh, en=_PLACE.sub(lambda found: named(found, "{name} ({id})"), words.en))


def mentioned(texts: Iterable[Bilingual]) -> list[str]:
    """The ids of the places that these texts mention."""
    return sorted({id for words in texts for _, id in _PLACE.findall(words.zh)})


def names(view: View, ids: Iterable[str]) -> dict[str, str]:
    """The newest names of communities and jurisdictions."""
    asked = [(id, date.max) for id in ids]
    found = {**register.names(view, asked), **organisation.names(view, asked)}
    return {id: name for (id, _), name in found.items()}
