"""Compares the districts and subdistricts of a roster with those on record.

All are decided: what is not clearly the same unit is another, as codes and names are recycled.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from domain.jurisdiction.levels import UnitLevel, tier
from domain.kernel.ids import derive_id
from domain.kernel.text import Bilingual, comparable
from domain.roster import evidence
from domain.roster.finding import FindingKind, PlaceFinding
from domain.roster.known import KnownJurisdiction, Register
from domain.roster.names import RENAME_SCORE_MIN, core, place_stem, score
from domain.roster.row import RosterRow, district_level, subdistrict_level

# A unit whose name changed under its code is the same if half of its communities stayed
# (科创园街道→创业园街道: nine of nine; 安昌镇→通泉镇, a recycled code: none of two).
STAYED_SHARE_MIN = 0.5

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Named(NamedTuple):
    """A district or subdistrict as the file names it, with the cores of its communities' names."""

    level: UnitLevel
    code: str
    name: str
    above: str | None
    communities: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Places:
    """The compared places: the ids of those in the file, by code, and the findings."""

    ids: Mapping[str, str]
    findings: tuple[PlaceFinding, ...]


def compare_places(
    rows: Sequence[RosterRow], known: Register, later: Register | None, *, whole_city: bool = True
) -> Places:
    """Compare districts first, then the subdistricts in them."""
    districts = _Tier(known, later, {}, _communities_by(known, 1))
    districts.match(_districts(rows))
    subdistricts = _Tier(known, later, districts.ids, _communities_by(known, 2))
    subdistricts.match(_subdistricts(rows))
    kept = {*subdistricts.ids.values(), *_kept_by_unlisted(known)}
    in_file = set(districts.ids.values())
    gone = [
        place
        for place in known.jurisdictions
        if tier(place.level) == 2
        and place.code
        and place.id not in kept
        and (whole_city or known.district_of(place.id) in in_file)
    ]
    left = {place.id for place in gone}
    left |= {found.id for found in subdistricts.findings if "moved" in found.kinds}
    emptied = _emptied(known, in_file, left, whole_city)
    return Places(
        ids={**districts.ids, **subdistricts.ids},
        findings=(
            *districts.findings,
            *subdistricts.findings,
            *(_dissolved(place) for place in (*gone, *emptied)),
        ),
    )


@dataclass
class _Tier:
    """The matching of one tier, in passes from the surest to the least sure."""

    known: Register
    later: Register | None
    above: Mapping[str, str]
    communities: Mapping[str, frozenset[str]]
    ids: dict[str, str] = field(default_factory=dict)
    findings: list[PlaceFinding] = field(default_factory=list)

    def match(self, named: Sequence[Named]) -> None:
        at = 2 if self.above else 1
        old = [k for k in self.known.jurisdictions if tier(k.level) == at and k.level != "park"]
        new = list(named)
        passes: list[
            tuple[Callable[[KnownJurisdiction], Hashable], Callable[[Named], Hashable]]
        ] = [
            (lambda k: (k.code, comparable(k.name)), lambda n: (n.code, comparable(n.name))),
            (
                lambda k: (self._of(k), comparable(k.name)),
                lambda n: (self._in(n), comparable(n.name)),
            ),
            (
                lambda k: (self._of(k), place_stem(k.name)),
                lambda n: (self._in(n), place_stem(n.name)),
            ),
        ]
        found: dict[str, tuple[KnownJurisdiction, Bilingual | None]] = {}
        for of_known, of_named in passes:
            for k, n in alone(old, of_known, new, of_named):
                found[n.code] = (k, None)
            old, new = self._left(old, new, found)
        for k, n in alone(old, lambda k: k.code, new, lambda n: n.code):
            if why := self._same_unit(k, n):
                found[n.code] = (k, why)
        old, new = self._left(old, new, found)
        for k, n in alone(old, lambda k: comparable(k.name), new, lambda n: comparable(n.name)):
            if (stayed := self._stayed(k, n)) >= STAYED_SHARE_MIN:
                found[n.code] = (k, evidence.stayed(stayed))
        for n in sorted(named, key=lambda n: n.code):
            self._find(n, *found.get(n.code, (None, None)))

    def _left(
        self,
        old: list[KnownJurisdiction],
        new: list[Named],
        found: Mapping[str, tuple[KnownJurisdiction, Bilingual | None]],
    ) -> tuple[list[KnownJurisdiction], list[Named]]:
        taken = {k.id for k, _ in found.values()}
        return [k for k in old if k.id not in taken], [n for n in new if n.code not in found]

    def _of(self, k: KnownJurisdiction) -> str | None:
        return self.known.district_of(k.id) if self.above else k.parent

    def _in(self, n: Named) -> str:
        return self.above[n.above] if n.above else self.known.city

    def _stayed(self, k: KnownJurisdiction, n: Named) -> float:
        before = self.communities.get(k.id, frozenset())
        return len(before & n.communities) / len(before) if before else 0.0

    def _same_unit(self, k: KnownJurisdiction, n: Named) -> Bilingual | None:
        if (alike := score(place_stem(k.name), place_stem(n.name))) >= RENAME_SCORE_MIN:
            return evidence.same_code_similar(alike)
        if (stayed := self._stayed(k, n)) >= STAYED_SHARE_MIN:
            return evidence.stayed(stayed)
        return None

    def _find(self, n: Named, k: KnownJurisdiction | None, why: Bilingual | None) -> None:
        parent = self._in(n)
        begins_earlier = False
        if k is None and (k := self._recorded_later(n, parent)):
            begins_earlier = True
            why = evidence.recorded_from(k.begun.effective_from) if k.begun else None
        id = k.id if k else fresh_id(self.known, n.code, n.name)
        kinds: list[FindingKind] = ["established"] if k is None or begins_earlier else []
        if k and not begins_earlier:
            # A park is a place in the organisation tree that statistical codes do not know.
            above = self.known.place_of.get(k.parent or "")
            if above and above.level == "park":
                parent = above.id
            differs: list[tuple[FindingKind, bool]] = [
                ("reconstituted", k.level != n.level),
                ("renamed", comparable(k.name) != comparable(n.name)),
                ("recoded", k.code != n.code),
                ("moved", k.parent != parent),
            ]
            kinds = [kind for kind, so in differs if so] or ["unchanged"]
        self.ids[n.code] = id
        self.findings.append(
            PlaceFinding(
                kinds=tuple(kinds),
                id=id,
                level=n.level,
                code=n.code,
                name=n.name,
                parent=parent,
                known=k,
                begins_earlier=begins_earlier,
                evidence=why,
            )
        )

    def _recorded_later(self, n: Named, parent: str) -> KnownJurisdiction | None:
        """Places that a later roster put on record and this earlier one also lists."""
        for k in self.later.jurisdictions if self.later else ():
            if k.begun and k.begun.effective_from > self.known.day and k.level == n.level:
                stated = (k.begun.code, k.begun.name, k.begun.place)
                if stated == (n.code, n.name, parent):
                    return k
        return None


def alone(
    old: Iterable[T],
    of_old: Callable[[T], Hashable],
    new: Iterable[K],
    of_new: Callable[[K], Hashable],
) -> Iterator[tuple[T, K]]:
    """The pairs in which each side is the only one with their common key."""
    olds: defaultdict[Hashable, list[T]] = defaultdict(list)
    news: defaultdict[Hashable, list[K]] = defaultdict(list)
    for o in old:
        olds[of_old(o)].append(o)
    for n in new:
        news[of_new(n)].append(n)
    for key, ns in news.items():
        if len(ns) == 1 and len(os := olds.get(key, [])) == 1:
            yield os[0], ns[0]


def fresh_id(known: Register, code: str, name: str) -> str:
    """The id of what this roster puts on record; the same each time it is planned."""
    id = derive_id("roster", code, name, known.day)
    again = 1
    while id in known.ids:
        again += 1
        id = derive_id("roster", code, name, known.day, again)
    return id


def _dissolved(place: KnownJurisdiction) -> PlaceFinding:
    assert place.level != "city"
    return PlaceFinding(
        kinds=("dissolved",),
        id=place.id,
        level=place.level,
        code=place.code,
        name=place.name,
        parent=place.parent or "",
        known=place,
    )


def _emptied(
    known: Register, in_file: set[str], gone: set[str], whole_city: bool
) -> list[KnownJurisdiction]:
    """Districts that the file does not name and that lost all their subdistricts."""
    if not whole_city:
        return []
    under: defaultdict[str, list[str]] = defaultdict(list)
    for place in known.jurisdictions:
        under[place.parent or ""].append(place.id)
    return [
        place
        for place in known.jurisdictions
        if tier(place.level) == 1
        and place.level != "park"
        and place.id not in in_file
        and under[place.id]
        and gone.issuperset(under[place.id])
    ]


def _kept_by_unlisted(known: Register) -> set[str]:
    """The subdistricts of communities without a code, which a roster of codes cannot list."""
    return {c.subdistrict for c in known.communities if c.code is None}


def _communities_by(known: Register, at: int) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for community in known.communities:
        place = known.place_of.get(community.subdistrict)
        above = community.subdistrict if at == 2 else known.district_of(community.subdistrict)
        if place and above:
            found[above].add(core(community.name, place.name))
    return {place: frozenset(names) for place, names in found.items()}


def _districts(rows: Sequence[RosterRow]) -> list[Named]:
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        names[row.district_code, row.district_name].add(core(row.name, row.subdistrict_name))
    return [
        Named(district_level(name), code, name, None, frozenset(communities))
        for (code, name), communities in names.items()
    ]


def _subdistricts(rows: Sequence[RosterRow]) -> list[Named]:
    names: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        key = row.subdistrict_code, row.subdistrict_name, row.district_code
        names[key].add(core(row.name, row.subdistrict_name))
    return [
        Named(subdistrict_level(code, name), code, name, above, frozenset(communities))
        for (code, name, above), communities in names.items()
    ]
