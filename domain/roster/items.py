"""The findings as items of a plan: what each subject is and becomes, and by which commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from domain.community.corrections import AnnulEntry, CorrectRegistration
from domain.community.identity import (
    MoveCommunity,
    RecodeCommunity,
    RegisterCommunity,
    RenameCommunity,
)
from domain.community.lineage import AbolishCommunity, MergeCommunity
from domain.jurisdiction.corrections import AnnulJurisdictionEntry, CorrectEstablishment
from domain.jurisdiction.levels import tier
from domain.jurisdiction.tree import (
    DissolveJurisdiction,
    EstablishJurisdiction,
    MoveJurisdiction,
    RecodeJurisdiction,
    ReconstituteJurisdiction,
    RenameJurisdiction,
)
from domain.kernel.command import Command
from domain.roster.ends import AbolishEarlier, AbolishUntil, DissolveEarlier, DissolveUntil
from domain.roster.finding import CommunityFinding, Comparison, PlaceFinding
from domain.roster.known import Known, KnownCommunity, Register

Fate = Literal["kept", "begun", "earlier", "ended", "merged"]
AnyCommand = Command[Any]


class Verbs(NamedTuple):
    """The commands of one subject, to be completed by the plan with a code, a day or an entry."""

    begin: Callable[[str | None], AnyCommand]
    begin_earlier: Callable[[date], AnyCommand]
    recode: Callable[[str | None, date], AnyCommand]
    change: Mapping[str, Callable[[str, date], AnyCommand]]
    end: Callable[[date], AnyCommand]
    end_until: Callable[[date, date], AnyCommand]
    end_earlier: Callable[[int, date], AnyCommand]
    merge: Callable[[date], AnyCommand]
    annul: Callable[[int], AnyCommand]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One subject, as it is `now`, on the roster's day. `changes` are those besides the code.

    `asserted_from` is the day from which later rosters state it, if they do.
    """

    stream: str
    id: str
    tier: int
    fate: Fate
    now: Known | None
    asserted_from: date | None
    code: str | None
    changes: tuple[tuple[str, str], ...]
    verbs: Verbs
    ends_last: bool = False

    def flows_to(self, attribute: str) -> date | None:
        """The later day on which a change on the roster's day would wrongly still hold."""
        if self.now and self.asserted_from and self.now.flows_to(self.asserted_from, attribute):
            return self.asserted_from
        return None

    @property
    def code_changes(self) -> bool:
        """Whether its code changes."""
        return self.now is None or self.now.code != self.code


def place_items(comparison: Comparison) -> list[Item]:
    """The districts and subdistricts that begin, change or end."""
    return [
        Item(
            stream=f"jurisdiction:{found.id}",
            id=found.id,
            tier=tier(found.level),
            fate=_place_fate(found),
            now=None if found.begins_earlier else found.known,
            asserted_from=_asserted_from(found, comparison.later),
            code=None if "dissolved" in found.kinds else found.code,
            changes=_changes(found, name=found.name, level=found.level, parent=found.parent),
            verbs=_place_verbs(found, comparison.as_of),
            ends_last=True,
        )
        for found in comparison.places
        if found.kinds != ("unchanged",)
    ]


def community_items(comparison: Comparison) -> list[Item]:
    """The communities that begin, change or end."""
    return [
        Item(
            stream=f"community:{found.id}",
            id=found.id or "",
            tier=3,
            fate=_fate(found),
            now=_from_then_on(found.known) if found.begins_earlier else found.known,
            asserted_from=_asserted_from(found, comparison.later),
            code=found.row.code if found.row else None,
            changes=_changes(
                found,
                name=found.row.name if found.row else "",
                subdistrict=found.subdistrict or "",
            ),
            verbs=_verbs(found, comparison.as_of),
        )
        for found in comparison.communities
        if found.kinds not in (("unchanged",), ("unlisted",))
    ]


def _asserted_from(found: PlaceFinding | CommunityFinding, later: Register | None) -> date | None:
    if later is None or found.known is None:
        return None
    if found.id in later.place_of or found.id in later.community_of:
        return later.day
    return found.known.resumes_from


def _from_then_on(known: KnownCommunity | None) -> KnownCommunity:
    """What a later roster put on record, as if its first entry began on the day."""
    assert known is not None
    assert known.begun is not None
    return replace(known, code=known.begun.code, until={})


_CHANGED: Mapping[str, str] = {
    "name": "renamed",
    "level": "reconstituted",
    "parent": "moved",
    "subdistrict": "moved",
}


def _changes(found: PlaceFinding | CommunityFinding, **values: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in values.items() if _CHANGED[name] in found.kinds)


def _place_fate(found: PlaceFinding) -> Fate:
    if found.begins_earlier:
        return "earlier"
    if "dissolved" in found.kinds:
        return "ended"
    return "begun" if "established" in found.kinds else "kept"


def _fate(found: CommunityFinding) -> Fate:
    if found.begins_earlier:
        return "earlier"
    if "merged" in found.kinds:
        return "merged"
    if "abolished" in found.kinds:
        return "ended"
    return "begun" if "registered" in found.kinds else "kept"


def _begins_earlier(known: Known | None) -> int:
    assert known is not None
    assert known.begun is not None
    return known.begun.version


def _place_verbs(found: PlaceFinding, as_of: date) -> Verbs:
    why = found.evidence.zh if found.evidence else None
    roster = f"名册 {as_of} / roster of {as_of}"
    return Verbs(
        begin=lambda code: EstablishJurisdiction(
            level=found.level,
            name=found.name,
            code=code,
            parent=found.parent,
            effective_from=as_of,
            reason=why,
        ),
        begin_earlier=lambda day: CorrectEstablishment(
            corrects=_begins_earlier(found.known), effective_from=day, reason=roster
        ),
        recode=lambda code, day: RecodeJurisdiction(code=code, effective_from=day),
        change={
            "name": lambda name, day: RenameJurisdiction(
                name=name, effective_from=day, reason=why if day == as_of else None
            ),
            "level": lambda level, day: ReconstituteJurisdiction.model_validate(
                {"level": level, "effective_from": day}
            ),
            "parent": lambda parent, day: MoveJurisdiction(parent=parent, effective_from=day),
        },
        end=lambda day: DissolveJurisdiction(effective_from=day),
        end_until=lambda day, until: DissolveUntil(effective_from=day, effective_until=until),
        end_earlier=lambda version, day: DissolveEarlier(
            annuls=version, effective_from=day, reason=roster
        ),
        merge=lambda day: DissolveJurisdiction(effective_from=day),
        annul=lambda version: AnnulJurisdictionEntry(annuls=version, reason=roster),
    )


def _verbs(found: CommunityFinding, as_of: date) -> Verbs:
    why = found.evidence.zh if found.evidence else None
    roster = f"名册 {as_of} / roster of {as_of}"
    return Verbs(
        begin=lambda code: RegisterCommunity(
            name=found.row.name if found.row else "",
            code=code,
            subdistrict=found.subdistrict or "",
            effective_from=as_of,
            origin=found.origin,
            reason=why,
        ),
        begin_earlier=lambda day: CorrectRegistration(
            corrects=_begins_earlier(found.known), effective_from=day, reason=roster
        ),
        recode=lambda code, day: RecodeCommunity(code=code, effective_from=day),
        change={
            "name": lambda name, day: RenameCommunity(
                name=name, effective_from=day, reason=why if day == as_of else None
            ),
            "subdistrict": lambda place, day: MoveCommunity(subdistrict=place, effective_from=day),
        },
        end=lambda day: AbolishCommunity(
            effective_from=day, reason=why if "abolished" in found.kinds and day == as_of else None
        ),
        end_until=lambda day, until: AbolishUntil(
            effective_from=day, effective_until=until, reason=why
        ),
        end_earlier=lambda version, day: AbolishEarlier(
            annuls=version, effective_from=day, reason=roster
        ),
        merge=lambda day: MergeCommunity(into=found.merged_into or "", effective_from=day),
        annul=lambda version: AnnulEntry(annuls=version, reason=roster),
    )
