"""Search: what entries state in words, found by any part of it.

It keeps the text that is compared and its pairs of characters, by which it is found; what a page
shows is read from the record itself.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, Literal, NamedTuple

from domain.community.events import (
    CodeCorrected,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRenamed,
    NameCorrected,
    RegistrationCorrected,
    VillageConverted,
)
from domain.council.events import (
    CouncilFounded,
    MinutesAmended,
    MinutesRecorded,
    ResolutionAdopted,
)
from domain.jurisdiction.events import (
    JurisdictionCodeCorrected,
    JurisdictionEstablished,
    JurisdictionEstablishmentCorrected,
    JurisdictionNameCorrected,
    JurisdictionRecoded,
    JurisdictionRenamed,
)
from domain.kernel.event import Event
from domain.kernel.ids import kind_of
from domain.partnership.events import (
    AgreementSigned,
    FacilityOpened,
    FeedbackGiven,
    NeedStated,
    PartnershipEntryCorrected,
    ProjectListed,
    ResourceOffered,
)
from domain.person.events import PersonNameCorrected, PersonRegistered, PersonRenamed
from domain.person.state import ALWAYS
from domain.programme.events import ProgrammeDrafted, ProgrammeItemAdded, ProgrammeItemRevised
from domain.task.events import TaskAssigned
from domain.unit.events import (
    UnitCodeCorrected,
    UnitNameCorrected,
    UnitRecoded,
    UnitRegistered,
    UnitRegistrationCorrected,
    UnitRenamed,
)
from projections.engine.bigrams import fold, grams
from projections.engine.days import effective_on
from projections.engine.projection import Journal
from projections.engine.row import row
from projections.engine.scope import NOWHERE, PUBLIC, BelongsTo, NamesOnly
from projections.engine.seen import Seen
from projections.engine.told import TOLD, named_beside
from projections.engine.view import View
from projections.pinyin import initials
from record.sql import statements
from record.store.entry import AnyEntry, decode

SQL = statements(__file__)
_LIKE = re.compile(r"[\\%_]")  # what means something in a pattern of `like`

Kind = Literal[
    "community",
    "person",
    "unit",
    "jurisdiction",
    "task",
    "resolution",
    "minutes",
    "council",
    "partnership",
    "programme",
    "document",
]
HITS_MAX = 1_000  # of a kind, the newest ones
DAY = "day"  # the field of a correction that says on which day the corrected entry began


class Stated(NamedTuple):
    """What an event states: fields with the words of a kind of thing, and which part of its subject
    it is."""

    kind: Kind
    fields: tuple[str, ...]
    part: str = ""


# An annulled entry states nothing. A corrected one no longer states what its correction states
# anew, field by field.
STATED: Mapping[type[Event], Stated] = {
    CommunityRegistered: Stated("community", ("name", "code")),
    CommunityRenamed: Stated("community", ("name",)),
    CommunityRecoded: Stated("community", ("code",)),
    VillageConverted: Stated("community", ("village_name", "village_code")),
    NameCorrected: Stated("community", ("name",)),
    CodeCorrected: Stated("community", ("code",)),
    RegistrationCorrected: Stated("community", ()),
    PersonRegistered: Stated("person", ("name",)),
    PersonRenamed: Stated("person", ("name",)),
    PersonNameCorrected: Stated("person", ("name",)),
    UnitRegistered: Stated("unit", ("name", "credit_code")),
    UnitRenamed: Stated("unit", ("name",)),
    UnitRecoded: Stated("unit", ("credit_code",)),
    UnitNameCorrected: Stated("unit", ("name",)),
    UnitCodeCorrected: Stated("unit", ("credit_code",)),
    UnitRegistrationCorrected: Stated("unit", ()),
    JurisdictionEstablished: Stated("jurisdiction", ("name", "code")),
    JurisdictionRenamed: Stated("jurisdiction", ("name",)),
    JurisdictionRecoded: Stated("jurisdiction", ("code",)),
    JurisdictionNameCorrected: Stated("jurisdiction", ("name",)),
    JurisdictionCodeCorrected: Stated("jurisdiction", ("code",)),
    JurisdictionEstablishmentCorrected: Stated("jurisdiction", ()),
    TaskAssigned: Stated("task", ("title", "description")),
    ResolutionAdopted: Stated("resolution", ("text",), "resolution"),
    MinutesRecorded: Stated("minutes", ("text",), "session"),
    MinutesAmended: Stated("minutes", ("text",), "session"),
    CouncilFounded: Stated("council", ("title",)),
    AgreementSigned: Stated("partnership", ("title", "aims")),
    NeedStated: Stated("partnership", ("description",)),
    ResourceOffered: Stated("partnership", ("description",)),
    FeedbackGiven: Stated("partnership", ("content",)),
    FacilityOpened: Stated("partnership", ("name",)),
    ProjectListed: Stated("partnership", ("title", "description")),
    PartnershipEntryCorrected: Stated("partnership", ()),
    ProgrammeDrafted: Stated("programme", ("title",)),
    ProgrammeItemAdded: Stated("programme", ("title", "description"), "item"),
    ProgrammeItemRevised: Stated("programme", ("title", "description"), "item"),
}
MOVING = (RegistrationCorrected, UnitRegistrationCorrected, JurisdictionEstablishmentCorrected)
NAMED_BY_INITIALS = ("person", "unit")
CORRECTABLE = frozenset(("title", "aims", "description", "content", "name"))  # of a partnership


@row(
    key=("position", "field"),
    indexes=("grams", "stream, version where corrects is not null"),
    scope=NamesOnly(BelongsTo(stream="{row}.stream"), "names"),
)
class SearchText(NamedTuple):
    """A text that the entry at a position states, folded, and the pairs of characters in it; empty
    where a correction takes one away, or states another `day`.

    `names` are the communities that the entry names beside its own, if who may read the text has to
    have them in scope: that of a document.
    """

    position: int
    field: str
    stream: str
    version: int
    kind: str
    part: str
    effective_on: date | None  # none: that of the entry that it corrects
    corrects: int | None
    text: str
    grams: tuple[int, ...]
    names: tuple[str, ...]


class Search(Journal):
    """What entries state in words, and the documents that they rest on."""

    name = "search"
    kinds = (SearchText,)
    events = TOLD
    module_file = __file__

    def lines(self, entry: Seen) -> Iterator[SearchText]:
        """A row for each text of the entry, and for each of its documents."""
        stated = STATED.get(type(entry.event))
        if stated is None and not entry.basis:
            return
        day, says = effective_on(entry), vars(entry.event)
        if stated:
            part = says[stated.part] if stated.part else ""
            for field, text in stated_by(entry.event).items():
                compared = _compared(stated.kind, field, text)
                yield _row(entry, field, stated.kind, part, _since(entry.event, day), compared)
        if entry.basis:
            # What is public may rest on a document about anybody: that is told to the city alone.
            public = kind_of(entry.stream) in PUBLIC
            names = (NOWHERE,) if public else named_beside(entry)
            for number, document in enumerate(entry.basis):
                title = fold(_titled(document.title, document.number))
                line = _row(entry, f"basis.{number}", "document", "", day, title)
                yield line._replace(names=names)


def stated_by(event: Event) -> dict[str, str]:
    """The texts that an event states, by field; an empty one takes away what was stated."""
    stated = STATED.get(type(event))
    if stated is None:
        return {}
    says = vars(event)
    if isinstance(event, PartnershipEntryCorrected):
        return {n: str(v or "") for n, v in event.changes.items() if n in CORRECTABLE}
    if isinstance(event, MOVING):
        return {DAY: ""}
    corrects = "corrects" in says
    return {name: says[name] or "" for name in stated.fields if says[name] or corrects}


def _since(event: Event, day: date) -> date | None:
    """From which day a text of an event of this day holds; None for that of what it corrects."""
    if isinstance(event, PartnershipEntryCorrected):
        return None
    if isinstance(event, PersonRegistered):
        return ALWAYS
    if isinstance(event, PersonNameCorrected):
        return event.effective_from or ALWAYS
    return day


def _compared(kind: Kind, field: str, text: str) -> str:
    """A text as it is compared, with the pinyin initials of who is found by them."""
    folded = fold(text)
    if kind in NAMED_BY_INITIALS and field == "name":
        return "\n".join((folded, *initials(text)))
    return folded


def _titled(title: str, number: str | None) -> str:
    return f"{title}\n{number}" if number else title


def _row(entry: Seen, field: str, kind: Kind, part: str, day: date | None, text: str) -> SearchText:
    return SearchText(
        position=entry.position,
        field=field,
        stream=entry.stream,
        version=entry.version,
        kind=kind,
        part=part,
        effective_on=day,
        corrects=vars(entry.event).get("corrects"),
        text=text,
        grams=grams(text),
        names=(),
    )


class Hit(NamedTuple):
    """The newest text of a subject, or of a part of it, in which something was found: the entry
    that states it, on which day, and the text. `told`: the entry is in scope, and not only what it
    says of the subject. `of_kind` counts the subjects of this kind in which it was found; `more`:
    at least that many.
    """

    kind: Kind
    stream: str
    part: str
    text: str
    effective_on: date
    entry: AnyEntry
    told: bool
    of_kind: int
    more: bool


def found(
    view: View,
    wanted: tuple[str, ...],
    *,
    effective: date,
    kind: Kind | None = None,
    after: tuple[date, int] | None = None,
    limit: int,
) -> list[Hit]:
    """Where all of these terms were stated up to a day, newest first: of each kind so many, or of
    one kind, from after `after`."""
    if not wanted:
        return []
    pairs = sorted(set(chain.from_iterable(map(grams, wanted))))
    rows = view.rows(
        SQL["found"],
        patterns=[_pattern(term) for term in wanted],
        grams=pairs or None,  # one character has none: all texts are gone through
        kind=kind,
        effective=effective,
        after_day=after and after[0],
        after_position=after and after[1],
        most=HITS_MAX,
        of_each=limit,
    )
    return [_hit(row) for row in rows]


def _pattern(term: str) -> str:
    return "%" + _LIKE.sub(r"\\\g<0>", term) + "%"


def _hit(found: Mapping[str, Any]) -> Hit:
    entry = decode(found["event"], bytes(found["state"]), position=found["position"])
    _, basis, number = found["field"].partition("basis.")
    if basis:
        document = entry.basis[int(number)]
        text = _titled(document.title, document.number)
    else:
        text = stated_by(entry.event)[found["field"]]
    return Hit(
        text=text,
        entry=entry,
        **{
            name: found[name]
            for name in ("kind", "stream", "part", "effective_on", "told", "of_kind", "more")
        },
    )
