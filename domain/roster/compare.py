"""Compares a roster with the register on its day: what has changed, and what is undecided.

Pure: the same rows and register give the same comparison, whatever the order of rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual, comparable
from domain.roster import evidence
from domain.roster.finding import (
    Candidate,
    CommunityFinding,
    Comparison,
    Decision,
    FindingKind,
    Origin,
)
from domain.roster.known import KnownCommunity, Register
from domain.roster.matching import grouped, sides
from domain.roster.places import Places, compare_places, fresh_id
from domain.roster.row import RosterRow

Undecided = Literal["ask", "separate"]


def compare(
    rows: Iterable[RosterRow],
    known: Register,
    *,
    later: Register | None = None,
    decisions: Iterable[Decision] = (),
    undecided: Undecided = "ask",
    whole_city: bool = True,
) -> Comparison:
    """Compare a roster with the register as of its day (`known.day`).

    `later` is the register as of the next roster day on record, which this roster must not change.
    Unless it covers the `whole_city`, districts that it does not name are left alone. `separate`
    treats what is undecided as different communities. Raises Refused for decisions that name no
    community or row, or contradict each other.
    """
    ordered = sorted(rows, key=lambda row: row.code)
    places = compare_places(ordered, known, later, whole_city=whole_city)
    work = _Work(known, later, ordered, places, whole_city)
    work.match(tuple(decisions), undecided)
    return Comparison(known=known, later=later, places=places.findings, communities=work.findings())


class _Work:
    """One comparison under way."""

    def __init__(
        self,
        known: Register,
        later: Register | None,
        rows: Sequence[RosterRow],
        places: Places,
        whole_city: bool,
    ) -> None:
        self.known, self.later, self.places = known, later, places
        districts = {place.id: known.district_of(place.id) for place in known.jurisdictions}
        in_file = {places.ids[row.district_code] for row in rows}
        communities = [
            c for c in known.communities if whole_city or districts.get(c.subdistrict) in in_file
        ]
        titles = {place.id: place.name for place in known.jurisdictions}
        self.matching = sides(communities, rows, places.ids, titles, districts)
        self.found: dict[str, CommunityFinding] = {}
        self.ended: list[CommunityFinding] = []
        self.merged: list[tuple[KnownCommunity, str]] = []
        self.first = not known.communities

    def match(self, decisions: Sequence[Decision], undecided: Undecided) -> None:
        m = self.matching
        m.match_same()
        self._recorded_later()
        self._decide(decisions)
        m.match()
        for row, (old, why) in m.pairs.items():
            self.found[row] = self._kept(m.old[old], m.new[row], why)
        by_old, by_row = grouped(m.candidates())
        self._known_later([m.new[code] for code in m.news if code not in by_row])
        for id in sorted(m.olds):
            self._left_old(m.old[id], by_old.get(id, ()), undecided)
        for code in sorted(m.news):
            self._left_row(m.new[code], by_row.get(code, ()), undecided)
        for absorbed, row in self.merged:
            self.ended.append(
                CommunityFinding(
                    kinds=("merged",),
                    id=absorbed.id,
                    known=absorbed,
                    merged_into=self.found[row].id,
                    evidence=evidence.decided(),
                )
            )

    def findings(self) -> tuple[CommunityFinding, ...]:
        rows = (self.found[code] for code in sorted(self.found))
        ended = sorted(
            self.ended, key=lambda f: (f.known.code or "", f.id or "") if f.known else ("", "")
        )
        return (*rows, *ended)

    def _recorded_later(self) -> None:
        """Rows that a later roster put on record identically: they only began earlier."""
        day = self.known.day
        for c in self.later.communities if self.later else ():
            if not c.begun or c.begun.effective_from <= day or c.id in self.known.community_of:
                continue
            row = self.matching.new.get(c.begun.code or "")
            if row is None or row.code not in self.matching.news:
                continue
            place = self.places.ids[row.subdistrict_code]
            if (row.name, place) == (c.begun.name, c.begun.place):
                self.matching.withdraw(row=row.code)
                self.found[row.code] = CommunityFinding(
                    kinds=("registered",),
                    id=c.id,
                    known=c,
                    row=row,
                    subdistrict=place,
                    begins_earlier=True,
                    evidence=evidence.recorded_from(c.begun.effective_from),
                )

    def _known_later(self, rows: Sequence[RosterRow]) -> None:
        """Rows that a later roster put on record in changed form: they began earlier."""
        if self.later is None or not rows:
            return
        taken = {found.id for found in self.found.values()}
        later = [
            c for c in self.later.communities if c.id not in taken and self._may_begin_on_the_day(c)
        ]
        titles = {place.id: place.name for place in self.later.jurisdictions}
        districts = {id: self.later.district_of(id) for id in titles}
        matching = sides(later, rows, self.places.ids, titles, districts)
        matching.match()
        for code, (id, _) in matching.pairs.items():
            c, row = matching.old[id], matching.new[code]
            assert c.begun, "only what begins may begin earlier"
            kept = self._kept(c, row, evidence.recorded_from(c.begun.effective_from))
            self.matching.withdraw(row=code)
            kinds = tuple(kind for kind in kept.kinds if kind != "unchanged")
            self.found[code] = replace(kept, kinds=("registered", *kinds), begins_earlier=True)

    def _may_begin_on_the_day(self, later: KnownCommunity) -> bool:
        """Whether its registration can move to the day: its place exists and its code is free."""
        begun = later.begun
        if begun is None or begun.effective_from <= self.known.day:
            return False
        still = (begun.code, begun.name, begun.place) == (later.code, later.name, later.subdistrict)
        places = {found.id for found in self.places.findings if "dissolved" not in found.kinds}
        alone = self.known.holders.get(begun.code or "", frozenset()) <= {later.id}
        return still and alone and later.subdistrict in places

    def _decide(self, decisions: Sequence[Decision]) -> None:
        m = self.matching
        for decision in decisions:
            old = self._old(decision)
            row = self._row(decision)
            match decision.what:
                case "renamed" if old and row:
                    m.pair(old.id, row.code, evidence.decided())
                case "merged" if old and row:
                    self._require_gone_for_good(old)
                    m.withdraw(old=old.id)
                    self.merged.append((old, row.code))
                case "abolished" if old and not row:
                    m.withdraw(old=old.id)
                    self._end(old, evidence.decided())
                case "new" if row and not old:
                    self._begin(row, "new", evidence.decided())
                case "separate" if old or row:
                    if old:
                        m.withdraw(old=old.id)
                        self._end(old, evidence.lineage_unknown())
                    if row:
                        self._begin(row, "unknown", evidence.lineage_unknown())
                case _:
                    raise Refused("roster.decision-incomplete", what=decision.what)

    def _require_gone_for_good(self, old: KnownCommunity) -> None:
        if (self.later and old.id in self.later.community_of) or old.resumes_from:
            raise Refused("roster.listed-later", name=old.name)

    def _old(self, decision: Decision) -> KnownCommunity | None:
        if decision.community is None:
            return None
        for id in self.matching.olds:
            old = self.matching.old[id]
            if decision.community in (id, old.code):
                return old
        raise Refused("roster.no-community-to-decide", community=decision.community)

    def _row(self, decision: Decision) -> RosterRow | None:
        if decision.row is None:
            return None
        rows = self.matching.new if decision.what == "merged" else self.matching.news
        if decision.row in rows:
            return self.matching.new[decision.row]
        raise Refused("roster.no-row-to-decide", row=decision.row)

    def _kept(self, old: KnownCommunity, row: RosterRow, why: Bilingual | None) -> CommunityFinding:
        place = self.places.ids[row.subdistrict_code]
        differs: list[tuple[FindingKind, bool]] = [
            ("renamed", comparable(old.name) != comparable(row.name)),
            ("recoded", old.code != row.code),
            ("moved", old.subdistrict != place),
        ]
        kinds = tuple(kind for kind, so in differs if so)
        return CommunityFinding(
            kinds=kinds or ("unchanged",),
            id=old.id,
            known=old,
            row=row,
            subdistrict=place,
            evidence=why,
        )

    def _left_old(
        self, old: KnownCommunity, candidates: Sequence[Candidate], undecided: Undecided
    ) -> None:
        if candidates and undecided == "ask":
            self.ended.append(
                CommunityFinding(
                    kinds=("undecided",), id=old.id, known=old, candidates=tuple(candidates)
                )
            )
        elif candidates:
            self._end(old, evidence.lineage_unknown(), candidates)
        elif old.code is None:
            # A roster of codes says nothing about a community that has no code yet.
            self.ended.append(CommunityFinding(kinds=("unlisted",), id=old.id, known=old))
        else:
            self._end(old, evidence.no_candidate())

    def _left_row(
        self, row: RosterRow, candidates: Sequence[Candidate], undecided: Undecided
    ) -> None:
        if not candidates:
            self._begin(
                row,
                "existing" if self.first else "new",
                None if self.first else evidence.nothing_before(),
            )
            return
        self._begin(row, "unknown", evidence.lineage_unknown(), candidates)
        if undecided == "ask":
            self.found[row.code] = replace(
                self.found[row.code], kinds=("undecided",), evidence=None
            )

    def _end(
        self, old: KnownCommunity, why: Bilingual, candidates: Sequence[Candidate] = ()
    ) -> None:
        self.ended.append(
            CommunityFinding(
                kinds=("abolished",),
                id=old.id,
                known=old,
                evidence=why,
                candidates=tuple(candidates),
            )
        )

    def _begin(
        self,
        row: RosterRow,
        origin: Origin,
        why: Bilingual | None,
        candidates: Sequence[Candidate] = (),
    ) -> None:
        self.matching.withdraw(row=row.code)
        self.found[row.code] = CommunityFinding(
            kinds=("registered",),
            id=fresh_id(self.known, row.code, row.name),
            row=row,
            subdistrict=self.places.ids[row.subdistrict_code],
            origin=origin,
            evidence=why,
            candidates=tuple(candidates),
        )
