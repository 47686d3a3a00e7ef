"""Everything that can happen to a measure (重点方向), in the order of its life."""

from datetime import date
from typing import Annotated, Literal

from domain.kernel.event import Event
from domain.kernel.ids import (
    ActionSlug,
    CommunityId,
    Id,
    Names,
    PersonId,
    Reason,
    Slug,
    TypeSlug,
    UnitId,
    Version,
)
from domain.kernel.text import Bilingual

MeasureSlug = Annotated[Slug, Names("measure")]


class MeasureAdopted(Event):
    """The community adopted this measure from the catalogue of its type (section three)."""

    sentence = Bilingual(
        zh="{adopted_on}采用{type}社区的重点方向“{measure}”。",
        en="Measure {measure} of {type} communities taken up on {adopted_on}.",
    )

    community: CommunityId
    measure: MeasureSlug
    type: TypeSlug
    adopted_on: date


class MeasurePlanned(Event):
    """The measure was planned: how it is carried out, by which unit and person, until when."""

    sentence = Bilingual(
        zh="{planned_on}制定“{measure}”实施计划：{plan}；由{unit}、{person}负责，{due_on}前完成"
        "（举措：{actions}）。",
        en="Measure {measure} planned on {planned_on}: {plan}; {unit}, {person}, due on {due_on} "
        "(actions: {actions}).",
    )

    community: CommunityId
    measure: MeasureSlug
    planned_on: date
    plan: Reason
    actions: tuple[ActionSlug, ...] = ()
    unit: UnitId
    person: PersonId
    due_on: date


class MeasureCarriedOver(Event):
    """The community continues the measure although its type has changed."""

    sentence = Bilingual(
        zh="{carried_on}起社区已改划为{type}社区，继续推进“{measure}”：{reason}",
        en="Measure {measure} carried over on {carried_on} into the type {type}: {reason}",
    )

    community: CommunityId
    measure: MeasureSlug
    carried_on: date
    type: TypeSlug
    reason: Reason


Ending = Literal["carried-out", "given-up"]


class MeasureClosed(Event):
    """The measure was closed, as carried out or as given up."""

    sentence = Bilingual(
        zh="{closed_on}终结“{measure}”（{ending}）：{reason}",
        en="Measure {measure} closed on {closed_on} ({ending}): {reason}",
    )

    community: CommunityId
    measure: MeasureSlug
    closed_on: date
    ending: Annotated[Ending, Names("ending")]
    reason: Reason
    cancelled: tuple[Id, ...] = ()  # the tasks that were cancelled with it


class MeasureEntryAnnulled(Event):
    """The named entry, which adopted, carried over or closed the measure, is void."""

    sentence = Bilingual(
        zh="撤销“{measure}”的{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} of the measure {measure} annulled, void from the start (reason: "
        "{reason}).",
    )

    community: CommunityId
    measure: MeasureSlug
    annuls: Version
    reason: Reason


class MeasureTasked(Event):
    """These tasks were assigned to carry out the measure."""

    sentence = Bilingual(
        zh="{assigned_on}就“{measure}”交办任务。",
        en="Tasks for the measure {measure} assigned on {assigned_on}.",
    )

    community: CommunityId
    measure: MeasureSlug
    assigned_on: date
    tasks: tuple[Id, ...]


AdoptionEvent = (
    MeasureAdopted | MeasurePlanned | MeasureCarriedOver | MeasureClosed | MeasureEntryAnnulled
)

MeasureEvent = AdoptionEvent | MeasureTasked
