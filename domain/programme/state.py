"""The state of a programme and its items. Decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self, assert_never

from domain.kernel.context import DecisionContext
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual, comparable
from domain.programme.events import (
    ConsultationRecorded,
    ProgrammeAdopted,
    ProgrammeClosed,
    ProgrammeDrafted,
    ProgrammeEntryAnnulled,
    ProgrammeEvent,
    ProgrammeItemAdded,
    ProgrammeItemDropped,
    ProgrammeItemRevised,
    ProgrammeItemTasked,
)
from domain.task.source import TaskSource


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item as the entry `stated_by` states it, with the tasks that deal with it."""

    id: str
    title: str
    stated_on: date
    stated_by: int
    tasks: tuple[str, ...] = ()
    places: tuple[str | None, ...] = ()  # the community of each task
    dropped_on: date | None = None
    dropped_by: int | None = None
    dropped_for: str | None = None
    cancelled: tuple[str, ...] = ()  # the tasks that were cancelled when it was dropped

    def tasks_in(self, community: str | None) -> list[str]:
        """The tasks in a community; with None, those in no community."""
        return [
            task for task, place in zip(self.tasks, self.places, strict=True) if place == community
        ]

    def require_not_before(self, day: date) -> None:
        """Refused for a day before the item was last added or revised."""
        if day < self.stated_on:
            raise Refused("programme-item.before-its-entry", stated_on=self.stated_on, day=day)


@dataclass(frozen=True, kw_only=True)
class Programme(TaskSource):
    """One year's programme of a city or a district."""

    kind: ClassVar[str] = "programme"
    what: ClassVar[Bilingual] = Bilingual(zh="年度攻坚事项", en="programme")

    jurisdiction: str = ""
    year: int = 0
    title: str = ""
    of_city: bool = False
    drafted_on: date = date.min
    consultations: Mapping[int, ConsultationRecorded] = field(default_factory=dict)  # by version
    adopted_on: date | None = None
    adopted_by: int | None = None
    closed_on: date | None = None
    closed_by: int | None = None
    summary: str | None = None  # when it was closed
    items: Mapping[str, Item] = field(default_factory=dict)

    def current_items(self) -> list[Item]:
        """The items that were not dropped."""
        return [item for item in self.items.values() if item.dropped_by is None]

    def item(self, id: str) -> Item:
        """One item; NotOnRecord if there is none of this id, Refused if it was dropped."""
        if id not in self.items:
            raise NotOnRecord("programme-item.not-on-record", item=id)
        item = self.items[id]
        if item.dropped_by is not None:
            raise Refused("programme-item.dropped", title=item.title, entry=item.dropped_by)
        return item

    def cancelled_by(self, version: int) -> tuple[str, ...]:
        """The tasks that were cancelled with the item that this entry dropped."""
        dropped = (item for item in self.items.values() if item.dropped_by == version)
        return next((item.cancelled for item in dropped), ())

    def require_open_task(self, task: str) -> None:
        """Refused for a task of a closed programme, or of a dropped item."""
        if self.closed_by is not None:
            raise Refused("programme.task-not-reopened", entry=self.closed_by)
        item = next((item for item in self.items.values() if task in item.tasks), None)
        if item and item.dropped_by is not None:
            raise Refused(
                "programme-item.task-not-reopened", title=item.title, entry=item.dropped_by
            )

    def consulted_by(self, day: date) -> bool:
        """Whether a consultation had ended by this day."""
        return any(each.consulted_until <= day for each in self.consultations.values())

    def require_title_free(self, title: str, but: str = "") -> None:
        """Refused when an item that was not dropped, other than `but`, has the title."""
        for item in self.current_items():
            if item.id != but and comparable(item.title) == comparable(title):
                raise Refused("programme-item.title-taken", title=item.title, item=item.id)

    def require_draft(self) -> None:
        """Refused once the programme is adopted."""
        if self.adopted_by is not None:
            raise Refused("programme.already-adopted", adopted_on=self.adopted_on)

    def require_adopted(self) -> None:
        """Refused unless the programme is adopted and not closed."""
        if self.adopted_by is None:
            raise Refused("programme.not-adopted")
        self.require_open()

    def require_open(self) -> None:
        """Refused once the programme is closed."""
        if self.closed_by is not None:
            raise Refused("programme.closed", entry=self.closed_by)

    def require_drafted_by(self, day: date) -> None:
        """Refused for a day before the programme was drafted."""
        if day < self.drafted_on:
            raise Refused("programme.before-draft", drafted_on=self.drafted_on, day=day)

    def require_item_on(self, item: Item, day: date) -> None:
        """Refused for a day before the item's last entry or the programme's adoption."""
        item.require_not_before(day)
        if self.adopted_on and day < self.adopted_on:
            raise Refused("programme-item.before-adoption", adopted_on=self.adopted_on, day=day)

    def require_items_to_spare(self, context: DecisionContext) -> None:
        """A breach when the city would have too few items without one of them."""
        items, items_min = len(self.current_items()), context.policy.programme.items_min
        if self.of_city and self.adopted_by is not None and items <= items_min:
            context.breaks("programme.too-few-items-left", items=items, items_min=items_min)

    def require_not_before_steps(self, day: date) -> None:
        """Refused for a day before the programme's draft, adoption or newest item."""
        stated = (item.dropped_on or item.stated_on for item in self.items.values())
        last = max((self.drafted_on, self.adopted_on or date.min, *stated))
        if day < last:
            raise Refused("programme.out-of-order", last=last, day=day)

    def require_annullable(self, version: int, context: DecisionContext) -> None:
        """Refused unless the entry can be annulled and nothing rests on it; a breach when the city
        would have too many items again."""
        dropped = next((i for i in self.items.values() if i.dropped_by == version), None)
        if version == self.closed_by:
            return
        self.require_open()
        if version == self.adopted_by:
            if any(item.tasks for item in self.items.values()):
                raise Refused("programme.adoption-in-use")
        elif version in self.consultations:
            self.require_draft()
        elif dropped is None:
            raise Refused("programme.nothing-to-annul", entry=version)
        else:
            self.require_title_free(dropped.title)
            items_max = context.policy.programme.items_max
            adopted = self.of_city and self.adopted_by is not None
            if adopted and len(self.current_items()) >= items_max:
                context.breaks("programme.no-room-for-item", items_max=items_max)

    def lies_in(self, day: date) -> tuple[str, ...]:
        """Its jurisdiction."""
        return (f"jurisdiction:{self.jurisdiction}",)

    def evolve(self, event: ProgrammeEvent) -> Self:
        """The state after one more event of this programme."""
        match event:
            case ProgrammeDrafted():
                return changed(
                    self,
                    jurisdiction=event.jurisdiction,
                    year=event.year,
                    title=event.title,
                    of_city=event.of_city,
                    drafted_on=event.drafted_on,
                )
            case ConsultationRecorded():
                return changed(self, consultations={**self.consultations, self.version: event})
            case ProgrammeAdopted(adopted_on=day):
                return changed(self, adopted_on=day, adopted_by=self.version)
            case ProgrammeClosed(closed_on=day, summary=summary):
                return changed(self, closed_on=day, closed_by=self.version, summary=summary)
            case ProgrammeEntryAnnulled(annuls=version):
                return changed(self, **dict(self._without(version)))
            case ProgrammeItemAdded():
                at, day = self.version, event.added_on
                item = Item(id=event.item, title=event.title, stated_on=day, stated_by=at)
                return changed(self, items={**self.items, item.id: item})
            case ProgrammeItemRevised(title=title, revised_on=day):
                at = self.version
                return self._item_with(event.item, title=title, stated_on=day, stated_by=at)
            case ProgrammeItemDropped():
                return self._item_with(
                    event.item,
                    dropped_on=event.dropped_on,
                    dropped_by=self.version,
                    dropped_for=event.reason,
                    cancelled=event.cancelled,
                )
            case ProgrammeItemTasked():
                item = self.items[event.item]
                places = (*item.places, *(event.community for _ in event.tasks))
                return self._item_with(item.id, tasks=(*item.tasks, *event.tasks), places=places)
            case _:
                assert_never(event)

    def _item_with(self, id: str, **fields: Any) -> Self:
        return changed(self, items={**self.items, id: changed(self.items[id], **fields)})

    def _without(self, version: int) -> Iterator[tuple[str, Any]]:
        """The fields that change when this entry is void."""
        if version == self.closed_by:
            yield from dict.fromkeys(("closed_on", "closed_by", "summary")).items()
        elif version == self.adopted_by:
            yield "adopted_on", None
            yield "adopted_by", None
        elif version in self.consultations:
            yield "consultations", {v: d for v, d in self.consultations.items() if v != version}
        else:
            yield (
                "items",
                {
                    id: changed(
                        item, dropped_on=None, dropped_by=None, dropped_for=None, cancelled=()
                    )
                    if item.dropped_by == version
                    else item
                    for id, item in self.items.items()
                },
            )


def require_unit(jurisdiction: str, context: DecisionContext) -> None:
    """NotAuthorised unless the actor acts for the programme's unit, or in a role that adopts the
    city's programme."""
    authority = context.by.authority
    if authority.role in context.policy.work.may_adopt_city_programmes:
        return
    if authority.jurisdiction != jurisdiction:
        raise NotAuthorised(
            "programme.of-another-unit",
            jurisdiction=jurisdiction,
            acting_for=authority.jurisdiction,
        )
