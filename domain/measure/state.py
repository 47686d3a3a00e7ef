"""The state of a community's measure. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, assert_never

from domain.community.state import Community
from domain.kernel.policy import called
from domain.kernel.refusal import Refused
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.measure.events import (
    Ending,
    MeasureAdopted,
    MeasureCarriedOver,
    MeasureClosed,
    MeasureEntryAnnulled,
    MeasureEvent,
    MeasurePlanned,
    MeasureTasked,
)
from domain.task.source import TaskSource


class Pursued(NamedTuple):
    """A type for which the measure is pursued, since when and by which entry."""

    type: str
    since: date
    version: int


@dataclass(frozen=True, kw_only=True)
class Spell:
    """A measure from one adoption until its closing, perhaps carried over into other types."""

    pursued: tuple[Pursued, ...]
    planned_on: date | None = None
    plans: tuple[tuple[int, MeasurePlanned], ...] = ()  # the plan in force, with its entry
    tasks: tuple[str, ...] = ()
    closed_on: date | None = None
    closed_by: int | None = None
    ending: Ending | None = None
    closed_for: str | None = None
    cancelled: tuple[str, ...] = ()  # the tasks that were cancelled with its closing

    @property
    def version(self) -> int:
        """The entry that states its adoption; 0 for none."""
        return self.pursued[0].version if self.pursued else 0


NONE = Spell(pursued=())
NOT_CLOSED: Mapping[str, Any] = MappingProxyType(
    {
        name: getattr(NONE, name)
        for name in ("closed_on", "closed_by", "ending", "closed_for", "cancelled")
    }
)


@dataclass(frozen=True, kw_only=True)
class Measure(TaskSource):
    """One measure of one community, in spells: once closed, it can be adopted again."""

    kind: ClassVar[str] = "measure"
    what: ClassVar[Bilingual] = Bilingual(zh="社区重点方向", en="measure of a community")

    community: str = ""
    measure: str = ""
    spells: tuple[Spell, ...] = ()

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: its title and its community."""
        if not self.measure:
            return super().called
        title = called("measure", self.measure)
        return Bilingual(
            zh=f"community:{self.community} 的重点方向“{title.zh}”",
            en=f"the measure “{title.en}” of community:{self.community}",
        )

    @property
    def now(self) -> Spell:
        """The newest spell; an empty one if it was never adopted or the adoption was annulled."""
        return self.spells[-1] if self.spells else NONE

    @property
    def type(self) -> str | None:
        """The type for which it is pursued."""
        return self.now.pursued[-1].type if self.spells else None

    @property
    def is_open(self) -> bool:
        """Whether it was adopted and not closed."""
        return bool(self.spells) and self.now.closed_by is None

    @property
    def is_planned(self) -> bool:
        """Whether it has a plan."""
        return self.now.planned_on is not None

    def cancelled_by(self, version: int) -> tuple[str, ...]:
        """The tasks that were cancelled with the closing, if this entry states the closing."""
        return self.now.cancelled if version == self.now.closed_by else ()

    def require_open_task(self, task: str) -> None:
        """Refused for a task of a closed spell."""
        for spell in self.spells:
            if task in spell.tasks and spell.closed_by is not None:
                raise Refused("measure.task-not-reopened", entry=spell.closed_by)

    def require_open(self) -> None:
        """Refused unless it is adopted and not closed."""
        if self.now.closed_on:
            raise Refused("measure.closed", closed_on=self.now.closed_on)
        if not self.is_open:
            raise Refused("measure.not-adopted")

    def require_next_day(self, day: date) -> None:
        """Refused for a day before the newest entry."""
        spell = self.now
        since = (each.since for each in spell.pursued)
        last = max((*since, spell.planned_on or date.min, spell.closed_on or date.min))
        if day < last:
            raise Refused("measure.before-last-entry", last=last, day=day)

    def require_settled(self, community: Community, day: date) -> None:
        """Refused unless it is open and pursued for the community's type on that day."""
        self.require_open()
        self.require_next_day(day)
        community.require_existing_on(day)
        if community.require_type_on(day) != self.type:
            raise Refused("measure.of-another-type", community=community.id, day=day)

    def require_annullable(self, version: int) -> None:
        """Refused unless the entry is the newest that adopts, carries over or closes it."""
        spell = self.now
        newest = spell.closed_by or (spell.pursued[-1].version if spell.pursued else None)
        if version != newest:
            raise Refused("measure.not-newest-entry", entry=version, newest=newest)
        begun = len(spell.pursued) == 1 and not spell.closed_by
        if begun and (spell.planned_on or spell.tasks):
            raise Refused("measure.planned-already")

    def evolve(self, event: MeasureEvent) -> Self:
        """The state after one more event of this measure."""
        match event:
            case MeasureAdopted(adopted_on=day):
                spell = Spell(pursued=(Pursued(event.type, day, self.version),))
                return changed(
                    self,
                    community=event.community,
                    measure=event.measure,
                    spells=(*self.spells, spell),
                )
            case MeasurePlanned(planned_on=day):
                return self._now_with(planned_on=day, plans=((self.version, event),))
            case MeasureTasked(tasks=tasks):
                return self._now_with(tasks=(*self.now.tasks, *tasks))
            case MeasureCarriedOver(carried_on=day):
                pursued = (*self.now.pursued, Pursued(event.type, day, self.version))
                return self._now_with(pursued=pursued)
            case MeasureClosed():
                return self._now_with(
                    closed_on=event.closed_on,
                    closed_by=self.version,
                    ending=event.ending,
                    closed_for=event.reason,
                    cancelled=event.cancelled,
                )
            case MeasureEntryAnnulled(annuls=version):
                return self._without(version)
            case _:
                assert_never(event)

    def _now_with(self, **fields: Any) -> Self:
        return changed(self, spells=(*self.spells[:-1], changed(self.now, **fields)))

    def _without(self, version: int) -> Self:
        """The state without the newest entry that adopts, carries over or closes the measure."""
        if version == self.now.closed_by:
            return self._now_with(**NOT_CLOSED)
        if len(self.now.pursued) > 1:
            return self._now_with(pursued=self.now.pursued[:-1])
        return changed(self, spells=self.spells[:-1])
