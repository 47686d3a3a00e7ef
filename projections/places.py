"""Adds the names of places, offices and officials to refusals that only know their ids.

A rule that does not know a name writes the stream, such as `community:k7m2…`, `jurisdiction:d4f7…`
or `person:w3c5…`. `unit:…` may also be an acting unit, which is a place or on no register.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from domain.kernel.ids import id_of, kind_of
from domain.kernel.text import Bilingual
from projections import organisation, people, register, units
from projections.engine.view import View

_PLACE = re.compile(
    r"(?<![a-z])(?P<stream>(?P<kind>community|jurisdiction|unit|person)"
    r":(?P<id>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?))"
)
Names = Callable[[View, list[tuple[str, date]]], dict[tuple[str, date], str]]
_NAMES: Mapping[str, tuple[Names, ...]] = {
    "community": (register.names,),
    "jurisdiction": (organisation.names,),
    "unit": (register.names, organisation.names, units.names),
    "person": (people.names,),
}


def with_names(words: Bilingual, names: Mapping[str, str]) -> Bilingual:
    """The text with the name of each stream before its id; one without a name stays as it is."""

    def named(found: re.Match[str], form: str) -> str:
        id = found["id"]
        if name := names.get(found["stream"]):
            return form.format(name=name, id=id)
        return found[0].replace("unit:", "") if found["kind"] == "unit" else found[0]

    # Chinese has no blanks around a name.
    zh = re.sub(f" ?{_PLACE.pattern} ?", lambda found: named(found, "{name}（{id}）"), words.zh)
    return Bilingual(zh=zh, en=_PLACE.sub(lambda found: named(found, "{name} ({id})"), words.en))


def mentioned(texts: Iterable[Bilingual]) -> list[str]:
    """The streams that these texts mention."""
    return sorted({found["stream"] for words in texts for found in _PLACE.finditer(words.zh)})


def names(view: View, streams: Iterable[str]) -> dict[str, str]:
    """The newest names of what these streams are about."""
    named: dict[str, str] = {}
    for kind, registers in _NAMES.items():
        asked = {id_of(stream): stream for stream in streams if kind_of(stream) == kind}
        for register_names in registers:
            found = register_names(view, [(id, date.max) for id in asked])
            named |= {asked[id]: name for (id, _), name in found.items()}
    return named
