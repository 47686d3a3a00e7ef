"""The results of comparing a roster with the register, and a person's decisions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from domain.jurisdiction.levels import UnitLevel
from domain.kernel.text import Bilingual
from domain.roster.known import KnownCommunity, KnownJurisdiction, Register
from domain.roster.row import RosterRow

FindingKind = Literal[
    "established", "reconstituted", "dissolved",
    "registered", "renamed", "recoded", "moved", "merged", "abolished",
    "unchanged", "unlisted", "undecided",
]  # fmt: skip
Origin = Literal["new", "existing", "unknown"]
What = Literal["renamed", "merged", "abolished", "new", "separate"]

KINDS: Mapping[FindingKind, Bilingual] = {
    "established": Bilingual(zh="设立", en="established"),
    "reconstituted": Bilingual(zh="改设", en="reconstituted"),
    "dissolved": Bilingual(zh="裁撤", en="dissolved"),
    "registered": Bilingual(zh="登记", en="registered"),
    "renamed": Bilingual(zh="更名", en="renamed"),
    "recoded": Bilingual(zh="变更代码", en="recoded"),
    "moved": Bilingual(zh="划转", en="moved"),
    "merged": Bilingual(zh="并入", en="merged"),
    "abolished": Bilingual(zh="裁撤", en="abolished"),
    "unchanged": Bilingual(zh="未变", en="unchanged"),
    "unlisted": Bilingual(zh="名册未列（尚无代码）", en="not listed (no code yet)"),
    "undecided": Bilingual(zh="待定", en="undecided"),
}


class Decision(NamedTuple):
    """A person's decision. `community` is an id, or a code on the day; `row` a code in the file.

    renamed: the row is this community. merged: it merged into the community of the row.
    abolished: it ended. new: the row is new. separate: no connection of either is known.
    """

    what: What
    community: str | None = None
    row: str | None = None


class Candidate(NamedTuple):
    """A community and a row that may be the same, and why. `score` compares their names, 0 to 1."""

    known: KnownCommunity
    row: RosterRow
    score: float
    why: tuple[Bilingual, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceFinding:
    """One district or subdistrict, as the file names it, or as known if the file lacks it."""

    kinds: tuple[FindingKind, ...]
    id: str
    level: UnitLevel
    code: str | None
    name: str
    parent: str
    known: KnownJurisdiction | None = None
    begins_earlier: bool = False
    evidence: Bilingual | None = None


@dataclass(frozen=True, kw_only=True)
class CommunityFinding:
    """One community: its row, its state on record, or both."""

    kinds: tuple[FindingKind, ...]
    id: str | None
    known: KnownCommunity | None = None
    row: RosterRow | None = None
    subdistrict: str | None = None
    origin: Origin = "new"
    begins_earlier: bool = False
    merged_into: str | None = None
    evidence: Bilingual | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A comparison of a roster with the register. `later` is the next roster day on record, if any.

    The findings are in the order of codes, whatever the order of the rows.
    """

    known: Register
    later: Register | None = None
    places: tuple[PlaceFinding, ...] = ()
    communities: tuple[CommunityFinding, ...] = ()

    @property
    def as_of(self) -> date:
        """The roster's day."""
        return self.known.day

    @cached_property
    def undecided(self) -> tuple[CommunityFinding, ...]:
        """What a person must decide first: communities and rows that may be the same."""
        return tuple(found for found in self.communities if "undecided" in found.kinds)

    @property
    def changes_nothing(self) -> bool:
        """Whether the register already says on that day what the roster says."""
        still = ("unchanged", "unlisted")
        kinds = [*(f.kinds for f in self.places), *(f.kinds for f in self.communities)]
        return all(kind in still for each in kinds for kind in each)

    def counts(
        self, of: Literal["communities", "places"] = "communities"
    ) -> dict[FindingKind, int]:
        """The number of findings of each kind. A finding of several kinds counts in each."""
        places = of == "places"
        kinds = [f.kinds for f in (self.places if places else self.communities)]
        counted = Counter(kind for each in kinds for kind in each)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}
