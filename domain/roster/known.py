"""The register as of one day, as plain values to compare with a roster. Reads no store."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from domain.community.state import Community
from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.jurisdiction.levels import Level, tier
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.timeline import Timeline


class Begun(NamedTuple):
    """The first entry of a subject, and what it stated."""

    effective_from: date
    version: int
    code: str | None
    name: str
    place: str | None


class Ended(NamedTuple):
    """The next recorded end of a subject, and the entry that states it."""

    effective_from: date
    version: int
    manner: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """Something that exists on the day. `until` gives the day of each attribute's next change.

    `ended` is its next end on record; `resumes_from` the day on which it exists again after that.
    """

    id: str
    code: str | None
    name: str
    until: Mapping[str, date] = field(default_factory=dict)
    begun: Begun | None = None
    ended: Ended | None = None
    resumes_from: date | None = None

    @property
    def place(self) -> str | None:
        """The id of what it lies under."""
        raise NotImplementedError

    def flows_to(self, day: date, attribute: str) -> bool:
        """Whether a change now would still hold on that later day."""
        until = self.until.get(attribute)
        return until is None or until > day


@dataclass(frozen=True, kw_only=True)
class KnownCommunity(Known):
    """A community as known on the day."""

    subdistrict: str

    @property
    def place(self) -> str:
        """The subdistrict."""
        return self.subdistrict


@dataclass(frozen=True, kw_only=True)
class KnownJurisdiction(Known):
    """A unit of the organisation tree as known on the day."""

    level: Level
    parent: str | None

    @property
    def place(self) -> str | None:
        """The parent."""
        return self.parent


@dataclass(frozen=True, kw_only=True)
class Register:
    """Everything that exists on a day.

    `ids` are those of all subjects ever recorded, as no id is used twice. `holders` says, by code,
    which of them ever had it.
    """

    day: date
    city: str
    jurisdictions: tuple[KnownJurisdiction, ...] = ()
    communities: tuple[KnownCommunity, ...] = ()
    ids: frozenset[str] = frozenset()
    holders: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def place_of(self) -> Mapping[str, KnownJurisdiction]:
        """The jurisdictions by id."""
        return {place.id: place for place in self.jurisdictions}

    @cached_property
    def community_of(self) -> Mapping[str, KnownCommunity]:
        """The communities by id."""
        return {community.id: community for community in self.communities}

    def district_of(self, place: str) -> str | None:
        """The id of the district of a place; None for a park directly under the city."""
        seen: set[str] = set()
        found = self.place_of.get(place)
        while found and found.id not in seen:
            if tier(found.level) == 1 and found.level != "park":
                return found.id
            seen.add(found.id)
            found = self.place_of.get(found.parent or "")
        return None


def register_on(
    day: date, city: str, communities: Iterable[Community], jurisdictions: Iterable[Jurisdiction]
) -> Register:
    """The register as of a day, from the states of all communities and jurisdictions on record."""
    communities, jurisdictions = tuple(communities), tuple(jurisdictions)
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for each in (*communities, *jurisdictions):
        for code in each.code_spans():
            holders[code].add(each.id)
    return Register(
        day=day,
        city=city,
        jurisdictions=tuple(_jurisdiction(j, day) for j in jurisdictions if j.exists_on(day)),
        communities=tuple(_community(c, day) for c in communities if c.exists_on(day)),
        ids=frozenset(each.id for each in (*communities, *jurisdictions)),
        holders={code: frozenset(ids) for code, ids in holders.items()},
    )


def _community(community: Community, day: date) -> KnownCommunity:
    subdistrict = community.subdistricts.on(day)
    assert subdistrict is not None, "a standing community lies under a subdistrict"
    return KnownCommunity(
        id=community.id,
        code=community.codes.on(day),
        name=community.names.on(day) or community.title,
        subdistrict=subdistrict,
        until=_until(
            day,
            code=community.codes,
            name=community.names,
            subdistrict=community.subdistricts,
        ),
        begun=_begun(community, community.subdistricts),
        ended=_ended(community, day),
        resumes_from=_resumes_from(community, day),
    )


def _jurisdiction(jurisdiction: Jurisdiction, day: date) -> KnownJurisdiction:
    return KnownJurisdiction(
        id=jurisdiction.id,
        level=jurisdiction.level_on(day),
        code=jurisdiction.codes.on(day),
        name=jurisdiction.names.on(day) or jurisdiction.title,
        parent=jurisdiction.parents.on(day),
        until=_until(
            day,
            level=jurisdiction.levels,
            code=jurisdiction.codes,
            name=jurisdiction.names,
            parent=jurisdiction.parents,
        ),
        begun=_begun(jurisdiction, jurisdiction.parents),
        ended=_ended(jurisdiction, day),
        resumes_from=_resumes_from(jurisdiction, day),
    )


def _until(day: date, **attributes: Timeline[str] | Timeline[Level]) -> dict[str, date]:
    changes = {name: timeline.after(day) for name, timeline in attributes.items()}
    return {name: change.effective_from for name, change in changes.items() if change}


def _begun(unit: AdministrativeUnit, places: Timeline[str]) -> Begun | None:
    first = next((change for change in unit.standing.stated() if change.order == 1), None)
    if first is None:
        return None
    day = first.effective_from
    stated = [
        next((c.value for c in timeline.stated() if c.order == 1), None)
        for timeline in (unit.codes, unit.names, places)
    ]
    return Begun(day, first.version, stated[0], stated[1] or unit.title, stated[2])


def _resumes_from(unit: AdministrativeUnit, day: date) -> date | None:
    end = unit.standing.after(day)
    again = unit.standing.after(end.effective_from) if end else None
    return again.effective_from if again else None


def _ended(unit: AdministrativeUnit, day: date) -> Ended | None:
    end = unit.standing.after(day)
    return Ended(end.effective_from, end.version, end.value or "") if end else None
