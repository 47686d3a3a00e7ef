"""Matches rows of a roster with communities on record, never by code alone or by name alone.

Passes go from the surest to the least sure. Ambiguous cases are left to a person.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.kernel.text import Bilingual, comparable
from domain.roster import evidence
from domain.roster.finding import Candidate
from domain.roster.known import KnownCommunity
from domain.roster.names import (
    CANDIDATE_SCORE_MIN,
    RENAME_SCORE_MIN,
    core,
    is_nameless,
    score,
)
from domain.roster.places import alone
from domain.roster.row import RosterRow


class Side(NamedTuple):
    """What is matched of a community on record or of a row. Places are ids."""

    key: str
    code: str | None
    name: str
    subdistrict: str
    district: str | None
    core: str
    nameless: bool


@dataclass(kw_only=True)
class Matching:
    """Communities and rows, with the pairs found so far, by the rows' codes."""

    old: dict[str, KnownCommunity]
    new: dict[str, RosterRow]
    olds: dict[str, Side]
    news: dict[str, Side]
    titles: Mapping[str, str]
    pairs: dict[str, tuple[str, Bilingual | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._place = {key: side.subdistrict for key, side in self.olds.items()}
        self._row_place = {key: side.subdistrict for key, side in self.news.items()}
        self._names_old = Counter(side.name for side in self.olds.values())
        self._names_new = Counter(side.name for side in self.news.values())

    def pair(self, old: str, row: str, why: Bilingual | None) -> None:
        """Match the two; neither is considered again."""
        self.pairs[row] = (old, why)
        self.withdraw(old=old, row=row)

    def withdraw(self, *, old: str | None = None, row: str | None = None) -> None:
        """Do not consider these again."""
        if old is not None:
            self.olds.pop(old, None)
        if row is not None:
            self.news.pop(row, None)

    def match_same(self) -> None:
        """Same code and same name; if the name has no telling part, also the same subdistrict."""
        found = alone(self.olds.values(), _code_and_name, self.news.values(), _code_and_name)
        for o, n in list(found):
            if o.subdistrict == n.subdistrict or not o.nameless:
                self.pair(o.key, n.key, None)

    def match(self) -> None:
        """All passes after the first."""
        self._within_subdistrict(lambda side: (side.subdistrict, side.name))
        self._within_subdistrict(lambda side: (side.subdistrict, side.core))
        self._renamed_under_their_code()
        self._within_district()

    def _within_subdistrict(self, key: Callable[[Side], tuple[str, str]]) -> None:
        for o, n in list(alone(self.olds.values(), key, self.news.values(), key)):
            why = None if o.name == n.name else evidence.same_core(n.core)
            self.pair(o.key, n.key, why)

    def _renamed_under_their_code(self) -> None:
        found = []
        olds, news = _by_district(self.olds.values()), _by_district(self.news.values())
        for o, n in alone(self.olds.values(), _code, self.news.values(), _code):
            alike = score(o.core, n.core)
            if o.subdistrict != n.subdistrict or alike < RENAME_SCORE_MIN:
                continue
            rivals = [s for s in news[o.district] if s is not n and _near(o, s, alike)]
            rivals += [s for s in olds[n.district] if s is not o and _near(n, s, alike)]
            if not rivals:
                found.append((o.key, n.key, evidence.same_code_similar(alike)))
        for old, row, why in found:
            self.pair(old, row, why)

    def _within_district(self) -> None:
        standing = set(self._row_place.values())
        by_code = {n.code: n for n in self.news.values()}
        by_old_code = {o.code: o for o in self.olds.values() if o.code}

        def key(side: Side) -> tuple[str | None, str]:
            return side.district, side.core

        for o, n in list(alone(self.olds.values(), key, self.news.values(), key)):
            if o.district is None:
                continue
            heir, holder = by_code.get(o.code or ""), by_old_code.get(n.code or "")
            stays = heir is not None and heir.key != n.key and heir.subdistrict == o.subdistrict
            held = holder is not None and holder.key != o.key and _is_like(holder, n)
            if stays or held or (o.nameless and o.subdistrict in standing) or n.nameless:
                continue
            self.pair(o.key, n.key, None if o.name == n.name else evidence.same_core(n.core))

    def _moves(self) -> Counter[tuple[str, str]]:
        """How many matched communities are now in which subdistrict, by their old one."""
        return Counter(
            (self._place[old], self._row_place[row]) for row, (old, _) in self.pairs.items()
        )

    def candidates(self) -> list[Candidate]:
        """All unmatched pairs that may be the same, the likeliest first."""
        moves = self._moves()
        went: defaultdict[str, set[str]] = defaultdict(set)
        for before, now in moves:
            went[before].add(now)
        shelves: defaultdict[Hashable, dict[str, Side]] = defaultdict(dict)
        for n in self.news.values():
            for label in _labels(n, {n.subdistrict}):
                shelves[label][n.key] = n
        found = []
        for o in self.olds.values():
            near = {}
            for label in _labels(o, {o.subdistrict} | went[o.subdistrict]):
                near.update(shelves[label])
            found += [c for n in near.values() if (c := self._candidate(o, n, moves))]
        return sorted(found, key=lambda c: (-c.score, c.row.code, c.known.id))

    def _candidate(
        self, o: Side, n: Side, moves: Mapping[tuple[str, str], int]
    ) -> Candidate | None:
        alike = score(o.core, n.core)
        gone = moves.get((o.subdistrict, n.subdistrict), 0) if o.subdistrict != n.subdistrict else 0
        near = o.subdistrict == n.subdistrict or gone > 0
        same_name = o.name == n.name and not o.nameless
        only = self._names_old[o.name] == self._names_new[n.name] == 1
        why: list[Bilingual] = []
        if o.code == n.code:
            why.append(evidence.same_code())
        if same_name and (o.district == n.district or only):
            why.append(evidence.same_name(self._names_old[o.name], self._names_new[n.name]))
        elif o.core == n.core and o.district == n.district:
            why.append(evidence.same_core(n.core))
        elif near and alike >= CANDIDATE_SCORE_MIN:
            why.append(evidence.similar(alike))
        if not why:
            return None
        if o.subdistrict == n.subdistrict:
            why.append(evidence.same_subdistrict())
        elif gone:
            known, row = self.old[o.key], self.new[n.key]
            why.append(evidence.went_to(self.titles[known.subdistrict], row.subdistrict_name, gone))
        elif o.district != n.district:
            why.append(evidence.other_district())
        return Candidate(self.old[o.key], self.new[n.key], round(alike, 2), tuple(why))


def sides(
    communities: Iterable[KnownCommunity],
    rows: Iterable[RosterRow],
    ids: Mapping[str, str],
    titles: Mapping[str, str],
    districts: Mapping[str, str | None],
) -> Matching:
    """The matching of rows and communities. `ids` are those of places by the file's codes."""
    old = {community.id: community for community in communities}
    new = {row.code: row for row in rows}
    return Matching(
        old=old,
        new=new,
        titles=titles,
        olds={
            c.id: Side(
                c.id,
                c.code,
                comparable(c.name),
                c.subdistrict,
                districts.get(c.subdistrict),
                core(c.name, titles[c.subdistrict]),
                is_nameless(c.name, titles[c.subdistrict]),
            )
            for c in old.values()
        },
        news={
            r.code: Side(
                r.code,
                r.code,
                comparable(r.name),
                ids[r.subdistrict_code],
                ids[r.district_code],
                core(r.name, r.subdistrict_name),
                is_nameless(r.name, r.subdistrict_name),
            )
            for r in new.values()
        },
    )


def grouped(
    candidates: Iterable[Candidate],
) -> tuple[dict[str, list[Candidate]], dict[str, list[Candidate]]]:
    """The candidates by the community's id, and by the row's code."""
    by_old: defaultdict[str, list[Candidate]] = defaultdict(list)
    by_row: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_old[candidate.known.id].append(candidate)
        by_row[candidate.row.code].append(candidate)
    return by_old, by_row


def _code(side: Side) -> str | None:
    return side.code


def _code_and_name(side: Side) -> tuple[str | None, str]:
    return side.code, side.name


def _labels(side: Side, subdistricts: Iterable[str]) -> list[Hashable]:
    """Candidates share at least one of these labels, so that not all pairs are compared."""
    return [
        ("code", side.code),
        ("name", side.name),
        ("core", side.district, side.core),
        *(("subdistrict", place) for place in subdistricts),
    ]


def _by_district(sides: Iterable[Side]) -> defaultdict[str | None, list[Side]]:
    found: defaultdict[str | None, list[Side]] = defaultdict(list)
    for side in sides:
        found[side.district].append(side)
    return found


def _is_like(side: Side, other: Side) -> bool:
    alike = score(side.core, other.core)
    return side.subdistrict == other.subdistrict and alike >= CANDIDATE_SCORE_MIN


def _near(side: Side, other: Side, alike: float) -> bool:
    """Whether another candidate is as similar to this side."""
    if other.district == side.district and other.core == side.core:
        return True
    return other.subdistrict == side.subdistrict and score(side.core, other.core) >= alike
