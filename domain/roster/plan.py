"""The commands that make the register agree with the roster on the roster's day.

They are in an order in which each is valid. What a later roster stated is kept: a change that
would reach its day is reversed there. For each community or place, and attribute:

    on the day      in the file   on the later day   planned
    stands          same          any                nothing
    stands          differs       stands, flows on   change on the day, change back on the later day
    stands          differs       own change, gone   change on the day: the gap until then
    stands          absent        none on record     end on the day
    stands          absent        stands             end on the day until the later day
    stands          absent        ended by then      end on the day, that end annulled
    does not stand  present       none on record     begin on the day
    does not stand  present       stands, in the     correct its beginning to the day
                                  same words
    does not stand  present       otherwise          begin on the day, end on the later day
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from domain.kernel.command import Command
from domain.kernel.refusal import Refused
from domain.roster.finding import Comparison
from domain.roster.items import Item, community_items, place_items


class Planned(NamedTuple):
    """One command and its stream."""

    stream: str
    command: Command[Any]


def plan(comparison: Comparison) -> list[Planned]:
    """The commands in order, the same each time; Refused while anything is undecided.

    Districts come before subdistricts, these before communities;
    dissolved places come last unless their codes are needed.
    """
    if comparison.undecided:
        raise Refused("roster.undecided", undecided=len(comparison.undecided))
    places = place_items(comparison)
    districts = _Tier(comparison, [item for item in places if item.tier == 1])
    subdistricts = _Tier(comparison, [item for item in places if item.tier == 2])
    communities = _Tier(comparison, community_items(comparison))
    return [
        *districts.steps(),
        *subdistricts.steps(),
        *communities.steps(),
        *subdistricts.last_steps(),
        *districts.last_steps(),
    ]


@dataclass
class _Tier:
    """The commands for all subjects whose codes may conflict."""

    comparison: Comparison
    items: Sequence[Item]
    planned: list[Planned] = field(default_factory=list)

    def __post_init__(self) -> None:
        known, later = self.comparison.known, self.comparison.later
        self.day = known.day
        self.next_day = later.day if later else None
        self.holders = known.holders
        self.held = {
            i.now.code: i.id for i in self.items if i.now and i.now.code and i.fate != "earlier"
        }
        self.wanted = {
            i.code: i.id for i in self.items if i.code and (i.code_changes or i.fate == "earlier")
        }

    def steps(self) -> list[Planned]:
        """All commands except those that come last."""
        order, released = self._code_order()
        for item in released:
            self._do(item, item.verbs.recode(None, self.day))
        for item in self.items:
            if item.fate == "ended" and not self._ends_last(item):
                self._end(item)
        for item in self.items:
            if item.fate == "earlier":
                self._do(item, item.verbs.begin_earlier(self.day))
        begun = [i for i in self.items if i.fate == "earlier" and i.code_changes]
        for item in begun:
            self._do(item, item.verbs.recode(None, self.day))
        order, released = [*begun, *order], [*begun, *released]
        for item in released:
            if item.fate != "merged" and item.now and (later := item.flows_to("code")):
                self._do(item, item.verbs.recode(item.now.code, later))
        for item in order:
            self._do(item, item.verbs.recode(item.code, self.day))
            if item.now and item not in released and (later := item.flows_to("code")):
                self._do(item, item.verbs.recode(item.now.code, later))
        for item in self.items:
            if item.fate == "begun":
                self._begin(item)
        for item in self.items:
            for name, value in item.changes:
                self._change(item, name, value)
        for item in self.items:
            if item.fate == "merged":
                self._merge(item)
        return self.planned

    def last_steps(self) -> list[Planned]:
        """The ends of places that have to be empty first."""
        self.planned = []
        for item in self.items:
            if item.fate == "ended" and self._ends_last(item):
                self._end(item)
        return self.planned

    def _do(self, item: Item, *commands: Command[Any]) -> None:
        self.planned += [Planned(item.stream, command) for command in commands]

    def _ends_last(self, item: Item) -> bool:
        return (
            item.ends_last
            and self.next_day is None
            and not (item.now and item.now.code in self.wanted)
        )

    def _code_order(self) -> tuple[list[Item], list[Item]]:
        """The new codes in an order in which each is free, and who must give up a code first."""
        waiting = [item for item in self.items if item.fate == "kept" and item.code_changes]
        ended = {i.id for i in self.items if i.fate == "ended"}
        released = [
            item
            for item in self.items
            if item.fate == "merged" and item.now and (item.now.ended or self._is_wanted(item))
        ]
        if self.next_day is not None:
            released += [item for item in waiting if self._is_contended(item)]
        holders = {
            code: id
            for code, id in self.held.items()
            if id not in ended and all(item.id != id for item in released)
        }
        order: list[Item] = []
        while waiting:
            free = [item for item in waiting if holders.get(item.code or "") is None]
            if not free:
                released.append(waiting[0])
                free, holders = [], {c: id for c, id in holders.items() if id != waiting[0].id}
            taken = {item.id for item in free}
            order += free
            waiting = [item for item in waiting if item.id not in taken]
            holders = {code: id for code, id in holders.items() if id not in taken}
        return order, [item for item in released if item.now and item.now.code]

    def _is_wanted(self, item: Item) -> bool:
        code = item.now.code if item.now else None
        return code is not None and self.wanted.get(code, item.id) != item.id

    def _is_contended(self, item: Item) -> bool:
        return self._is_wanted(item) or self._is_anothers(item)

    def _is_anothers(self, item: Item) -> bool:
        """Whether another subject ever had the code, and so may have it again on a later day."""
        return bool(self.holders.get(item.code or "", frozenset()) - {item.id})

    def _begin(self, item: Item) -> None:
        if self.next_day is None:
            self._do(item, item.verbs.begin(item.code))
            return
        # The code is claimed only once the end is known: after it, another may have the code.
        late = self._is_anothers(item)
        self._do(item, item.verbs.begin(None if late else item.code))
        self._do(item, item.verbs.end(self.next_day))
        if late:
            self._do(item, item.verbs.recode(item.code, self.day))

    def _change(self, item: Item, name: str, value: str) -> None:
        change = item.verbs.change[name]
        self._do(item, change(value, self.day))
        if later := item.flows_to(name):
            self._do(item, change(getattr(item.now, name), later))

    def _end(self, item: Item) -> None:
        """End it on the day. What a later roster still lists begins again on that roster's day."""
        assert item.now is not None
        ended = item.now.ended
        later = item.asserted_from
        if later and (not ended or ended.effective_from > later):
            self._do(item, item.verbs.end_until(self.day, later))
        elif ended:
            self._do(item, item.verbs.end_earlier(ended.version, self.day))
        else:
            self._do(item, item.verbs.end(self.day))

    def _merge(self, item: Item) -> None:
        assert item.now is not None
        ended = item.now.ended
        if ended:
            self._do(item, item.verbs.annul(ended.version))
        self._do(item, item.verbs.merge(self.day))
