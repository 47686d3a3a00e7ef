"""The values in a community's state: subtypes, links, surveys, proposals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from domain.community.events import Manner
from domain.kernel.policy import IndicatorValue
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Change, Timeline

ProposalStatus = Literal[
    "proposed", "endorsed", "returned", "rejected", "withdrawn", "approved", "annulled"
]

PROPOSAL_STATUSES: Mapping[ProposalStatus, Bilingual] = MappingProxyType(
    {
        "proposed": Bilingual(zh="待审核", en="proposed and not endorsed yet"),
        "endorsed": Bilingual(zh="已审核、待决定", en="endorsed and not decided yet"),
        "returned": Bilingual(zh="已退回、待修改", en="returned and not revised yet"),
        "rejected": Bilingual(zh="已否决", en="rejected"),
        "withdrawn": Bilingual(zh="已撤回", en="withdrawn"),
        "approved": Bilingual(zh="已批准", en="approved"),
        "annulled": Bilingual(zh="批准后已撤销", en="approved, and the reclassification annulled"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed reclassification and its stage; `approved_by` is the entry that approved it."""

    id: str
    type: str
    effective_from: date
    reason: str
    stage: ProposalStatus
    authors: tuple[str, ...]
    approved_by: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.stage in ("proposed", "endorsed", "returned")

    def require_stage(self, *stages: ProposalStatus) -> None:
        """Refused unless the proposal is at one of these stages."""
        if self.stage not in stages:
            raise Refused(
                "reclassification.wrong-status",
                proposal=self.id,
                status=PROPOSAL_STATUSES[self.stage],
                needed=[PROPOSAL_STATUSES[each] for each in stages],
            )


class Subtype(NamedTuple):
    """A subtype and the type that it belongs to."""

    type: str | None
    code: str


Relation = Literal["predecessor", "successor"]


class Link(NamedTuple):
    """A predecessor or successor of this community.

    `follows`: the entry that states the link follows from an entry of the other community.
    """

    relation: Relation
    other: str
    manner: Manner
    follows: bool = False


class Survey(NamedTuple):
    """The values that a survey found, and its source."""

    indicators: Mapping[str, IndicatorValue]
    source: str


def subtypes_within(types: Timeline[str], settings: Timeline[Subtype]) -> Timeline[str]:
    """The subtype over time: each setting holds while its type does, until the next one."""
    stated = tuple(settings.stated())
    changes: list[Change[str]] = []
    for index, (day, _, setting, version, _) in enumerate(stated):
        within = types.change_on(day) or types.after(day)
        if setting is None or within is None or within.value != setting[0]:
            changes.append(Change(day, index, None, version))
            continue
        begins = max(day, within.effective_from)
        changes.append(Change(begins, index, setting[1], version))
        until = stated[index + 1].effective_from if index + 1 < len(stated) else date.max
        later = (c for c in types.stated() if begins < c.effective_from < until)
        if gone := next((c for c in later if c.value != setting[0]), None):
            changes.append(Change(gone.effective_from, index, None, gone.version))
    return Timeline(tuple(changes)) if changes else EMPTY
