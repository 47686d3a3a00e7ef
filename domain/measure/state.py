"""Where a community's measure stands. Folds, and decides nothing."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.community.state import Community
from domain.measure.adoption import (
    AdoptionEvent,
    MeasureAdopted,
    MeasureCarriedOver,
    MeasureClosed,
    MeasureEntryAnnulled,
    MeasurePlanned,
)
from domain.measure.tasks import MeasureTasked
from domain.refusals import Refused
from domain.subject import Subject, changed

MeasureEvent = AdoptionEvent | MeasureTasked


class Pursued(NamedTuple):
    """For which type the measure is pursued, since when and by which entry."""

    type: str
    since: date
    version: int


@dataclass(frozen=True, kw_only=True)
class Measure(Subject):
    """One measure of one community; `pursued` is empty while it was never adopted, or annulled."""

    kind: ClassVar[str] = "measure"

    community: str = ""
    measure: str = ""
    pursued: tuple[Pursued, ...] = ()
    planned_on: date | None = None
    tasks: tuple[str, ...] = field(default=())
    closed_on: date | None = None
    closed_by: int | None = None

    @property
    def type(self) -> str | None:
        """The type for which it is pursued."""
        return self.pursued[-1].type if self.pursued else None

    @property
    def is_open(self) -> bool:
        """Whether it is adopted and not closed."""
        return bool(self.pursued) and self.closed_by is None

    @property
    def is_planned(self) -> bool:
        """Whether it has a plan."""
        return self.planned_on is not None

    def require_open(self) -> None:
        """Refused unless it is adopted and not closed."""
        if not self.is_open:
            closed = f"was closed on {self.closed_on}" if self.closed_on else "is not adopted"
            closed_zh = f"已于 {self.closed_on} 终结" if self.closed_on else "尚未采用"
            raise Refused(
                f"The measure {closed}; adopt it again first.",
                f"该重点方向{closed_zh}；请先重新采用。",
            )

    def require_next_day(self, day: date) -> None:
        """Refused for a day before what was recorded last of its adoption or closing."""
        last = max((*(each.since for each in self.pursued), self.closed_on or date.min))
        if day < last:
            raise Refused(
                f"What is on record of the measure is of {last}; choose that day or a later one.",
                f"该重点方向的最近记载在 {last}；请选择该日或更晚的日期。",
            )

    def require_settled(self, community: Community, day: date) -> None:
        """Refused unless it is open, and pursued for the type that the community is of that day."""
        self.require_open()
        self.require_next_day(day)
        community.require_standing_on(day)
        if community.require_type_on(day) != self.type:
            raise Refused(
                f"{community.title} is of another type on {day} than the measure is pursued for; "
                "carry the measure over or close it first, with the reason.",
                f"{community.title} 在 {day} 的类型已不同于该重点方向所属类型；"
                "请先说明理由予以转续或终结。",
            )

    def require_annullable(self, version: int) -> None:
        """Refused unless the entry is the newest that adopts, carries over or closes."""
        newest = self.closed_by or (self.pursued[-1].version if self.pursued else None)
        if version != newest:
            raise Refused(
                f"Entry {version} is not the newest that adopts, carries over or closes the "
                f"measure{f'; that is entry {newest}' if newest else ''}; name the newest.",
                f"第 {version} 条不是采用、转续或终结该重点方向的最新一条"
                f"{f'，最新为第 {newest} 条' if newest else ''}；请指明最新一条。",
            )
        if len(self.pursued) == 1 and not self.closed_by and (self.planned_on or self.tasks):
            raise Refused(
                "The measure is planned already; close it instead, with the reason.",
                "该重点方向已有计划；请说明理由予以终结。",
            )

    def evolve(self, event: MeasureEvent) -> Self:
        """The state after one more event of this measure."""
        match event:
            case MeasureAdopted(adopted_on=day):
                return changed(
                    self,
                    community=event.community,
                    measure=event.measure,
                    pursued=(Pursued(event.type, day, self.version),),
                    planned_on=None,
                    tasks=(),
                    closed_on=None,
                    closed_by=None,
                )
            case MeasurePlanned(planned_on=day):
                return changed(self, planned_on=day)
            case MeasureTasked(tasks=tasks):
                return changed(self, tasks=(*self.tasks, *tasks))
            case MeasureCarriedOver(carried_on=day):
                pursued = (*self.pursued, Pursued(event.type, day, self.version))
                return changed(self, pursued=pursued)
            case MeasureClosed(closed_on=day):
                return changed(self, closed_on=day, closed_by=self.version)
            case MeasureEntryAnnulled(annuls=version):
                if version == self.closed_by:
                    return changed(self, closed_on=None, closed_by=None)
                return changed(self, pursued=self.pursued[:-1])
            case _:
                assert_never(event)
