"""What search shows: each hit with the name of its subject on the day, the passage, the place of
what was looked for in it, and the documents that it rests on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field

from domain.kernel.context import Document
from domain.kernel.ids import id_of
from domain.person.state import ALWAYS
from projections import organisation, partnerships, people, register, units
from projections.engine.bigrams import within
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.pinyin import initials
from projections.search import NAMED_BY_INITIALS, Hit, Kind

PASSAGE_MAX = 100  # characters of a text that are shown
BEFORE_MAX = 30  # of them before what was looked for
Names = Callable[[View, Iterable[tuple[str, date]]], dict[tuple[str, date], str]]
NAMES: Mapping[str, Names] = {
    "community": register.names,
    "person": people.names,
    "unit": units.names,
    "jurisdiction": organisation.names,
    "partnership": partnerships.names,
}
# The fields in which an event says what its subject is called.
TITLES = ("title", "council_title")


class MarkView(Shape):
    """Where a passage has what was looked for: from a character, to before another."""

    begin: int
    end: int


class DocumentView(Shape):
    """A document: its issuer, title and number."""

    issuer: str
    title: str
    number: str | None


class SearchHitView(Shape):
    """A subject, or a part of it, of which an entry states what was looked for: the newest such
    entry."""

    kind: Kind
    id: str = Field(description="The id of the subject; of a document, that of one resting on it.")
    part: str | None = Field(description="The session, resolution or item.")
    session: str | None = Field(description="Of minutes and resolutions.")
    name: str | None = Field(description="What it is called on the requested day.")
    community: str | None
    community_name: str | None = Field(description="Its name on the requested day.")
    belongs_to: str | None = Field(
        description="The name of its community, jurisdiction, office or place on the day."
    )
    passage: str
    marks: list[MarkView]
    effective_on: date | None = Field(description="The day of the entry; null for a first name.")
    documents: list[DocumentView] = Field(description="What the entry rests on.")
    stream: str
    position: int


class KindFoundView(Shape):
    """In how many subjects of a kind it was found."""

    kind: Kind
    count: int
    more: bool = Field(description="Only the newest 1,000 hits of a kind are gone through.")


class Passage(NamedTuple):
    """A part of a text around what was found in it."""

    text: str
    marks: list[MarkView]


def shown(
    view: View, hits: Sequence[Hit], wanted: tuple[str, ...], *, effective: date
) -> list[SearchHitView]:
    """The hits as a reader sees them."""
    names = _names(view, hits, effective)
    of = {each.stream: vars(each.entry.event).get("community") for each in hits}
    communities = register.names(view, [(id, effective) for id in of.values() if id])
    return [
        _shown(
            each,
            names.get(each.stream),
            communities.get((of[each.stream] or "", effective)),
            _belongs_to(view, each, effective),
            wanted,
        )
        for each in hits
    ]


def counts(hits: Iterable[Hit]) -> list[KindFoundView]:
    """How many there are of each kind of these hits."""
    return list(
        {h.kind: KindFoundView(kind=h.kind, count=h.of_kind, more=h.more) for h in hits}.values()
    )


def passage(hit: Hit, wanted: tuple[str, ...]) -> Passage:
    """The part of the hit's text around what was looked for."""
    found = within(hit.text, wanted) or _by_initials(hit, wanted)
    first = found[0][0] if found else 0
    begin = max(first - BEFORE_MAX, 0) if len(hit.text) > PASSAGE_MAX else 0
    end = begin + PASSAGE_MAX
    before, after = "…" if begin else "", "…" if end < len(hit.text) else ""
    shift = len(before) - begin
    marks = [
        MarkView(begin=start + shift, end=min(stop, end) + shift)
        for start, stop in found
        if start < end
    ]
    text = hit.text[begin:end].replace("\n", " ").replace("\r", " ")
    return Passage(f"{before}{text}{after}", marks)


def _by_initials(hit: Hit, wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    if hit.kind not in NAMED_BY_INITIALS:
        return []
    for letters in initials(hit.text):
        if len(letters) == len(hit.text) and (found := within(letters, wanted)):
            return found
    return []


def _names(view: View, hits: Sequence[Hit], day: date) -> dict[str, str]:
    """What the subjects are called, by stream: by their registers, or by what the entry says."""
    named: dict[str, str] = {}
    for kind, register_names in NAMES.items():
        streams = {id_of(each.stream): each.stream for each in hits if each.kind == kind}
        found = register_names(view, [(id, day) for id in streams])
        named |= {streams[id]: name for (id, _), name in found.items()}
    return named


def _belongs_to(view: View, hit: Hit, day: date) -> str | None:
    """Where a subject belongs, by which those of one name are told apart."""
    id, says = id_of(hit.stream), vars(hit.entry.event)
    match hit.kind:
        case "community":
            of = register.community(view, id, effective=day)
            return of.subdistrict_name if of else None
        case "person":
            official = people.person(view, id, effective=day)
            return next((each.unit_name for each in official.posts), None) if official else None
        case "unit":
            unit = units.unit(view, id, effective=day)
            return unit.superior_name or unit.jurisdiction_name if unit else None
        case "jurisdiction":
            place = organisation.jurisdiction(view, id, effective=day)
            return place.parent_name if place else None
    if community := says.get("community"):
        return register.names(view, [(community, day)]).get((community, day))
    jurisdiction = says.get("jurisdiction") or says.get("subdistrict") or ""
    return organisation.names(view, [(jurisdiction, day)]).get((jurisdiction, day))


def _shown(
    hit: Hit, name: str | None, of: str | None, belongs_to: str | None, wanted: tuple[str, ...]
) -> SearchHitView:
    says, part = vars(hit.entry.event), passage(hit, wanted)
    if hit.kind == "document":
        name = hit.text.partition("\n")[0]
    named = name or next((says[field] for field in TITLES if says.get(field)), None)
    basis: tuple[Document, ...] = hit.entry.basis if hit.told else ()
    return SearchHitView(
        kind=hit.kind,
        id=id_of(hit.stream),
        part=hit.part or None,
        session=says.get("session"),
        name=named,
        community=says.get("community"),
        community_name=of,
        belongs_to=belongs_to,
        passage=part.text,
        marks=part.marks,
        effective_on=None if hit.effective_on == ALWAYS else hit.effective_on,
        documents=[
            DocumentView(issuer=each.issuer, title=each.title, number=each.number) for each in basis
        ],
        stream=hit.stream,
        position=hit.entry.position,
    )
