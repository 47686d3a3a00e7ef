"""Everything that can happen in a grading round (三分类三升级), in the order of its life."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.event import Event
from domain.kernel.ids import (
    CommunityId,
    GradeSlug,
    JurisdictionId,
    PersonId,
    Reason,
    RoundId,
    StageSlug,
    Title,
    TypeSlug,
)
from domain.kernel.text import Bilingual
from domain.round.plan import ItemRule, Rules


class RoundPlanned(Event):
    """A round of grading was planned, with its days and rules. Later policies change neither."""

    sentence = Bilingual(
        zh="安排{title}：{begins_on}开始，以{cutoff_on}的社区类型为准。",
        en="{title} planned: it begins on {begins_on}, by the types of {cutoff_on}.",
    )
    proposes = True

    round: RoundId
    title: Title
    begins_on: date
    cutoff_on: date
    rules: Rules


class RubricSet(Event):
    """The weight and items of a stage, for some types or all others. Recorded after the plan."""

    sentence = Bilingual(
        zh="{stage}在总分中的权重为 {weight}。", en="{stage} weighs {weight} in the total."
    )

    round: RoundId
    stage: StageSlug
    types: tuple[TypeSlug, ...] = ()
    weight: int
    items: tuple[ItemRule, ...] = ()


class StageOpened(Event):
    """The stage was opened: its acts are accepted from this day on."""

    sentence = Bilingual(zh="{opened_on}启动{stage}。", en="{stage} opened on {opened_on}.")

    round: RoundId
    stage: StageSlug
    opened_on: date


class StageClosed(Event):
    """The stage was closed: its acts are no longer accepted, unless it is opened again."""

    sentence = Bilingual(zh="{closed_on}结束{stage}。", en="{stage} closed on {closed_on}.")

    round: RoundId
    stage: StageSlug
    closed_on: date


class RoundOpened(Event):
    """The round was opened."""

    sentence = Bilingual(
        zh="{opened_on}启动本轮评定，{communities}个社区参加。",
        en="Opened on {opened_on} with {communities:community|communities}.",
    )

    round: RoundId
    opened_on: date
    communities: int


class CommunitiesEntered(Event):
    """These communities take part in the round. There may be several such entries."""

    sentence = Bilingual(
        zh="{count}个社区列入本轮评定。", en="{count:community takes|communities take} part."
    )

    round: RoundId
    entered_on: date
    count: int
    communities: tuple[CommunityId, ...]


class CommunitiesReentered(Event):
    """These communities were withdrawn and take part again. There may be several such entries."""

    sentence = Bilingual(
        zh="{count}个已退出的社区重新列入本轮评定。",
        en="{count:community that was|communities that were} withdrawn back in the round.",
    )

    round: RoundId
    entered_on: date
    count: int
    communities: tuple[CommunityId, ...]


class CityGraded(Event):
    """All communities of the round were graded at once."""

    sentence = Bilingual(
        zh="{graded_on}完成市级评定，{communities}个社区评定等次。",
        en="The city graded on {graded_on}: {communities:community|communities}.",
    )

    round: RoundId
    graded_on: date
    communities: int
    graded_by: PersonId


class CityRegraded(Event):
    """The round was ranked again after corrections, which changed rank or grade of some."""

    sentence = Bilingual(
        zh="{graded_on}重新排名，{communities}个社区的名次或等次变动。理由：{reason}",
        en="Ranked again on {graded_on}: {communities:community|communities} moved. Reason: "
        "{reason}",
    )

    round: RoundId
    graded_on: date
    communities: int
    reason: Reason
    graded_by: PersonId


class ResultsPublished(Event):
    """The results are public from this day until the named day, and objections are accepted."""

    sentence = Bilingual(
        zh="{published_on}起公示{communities}个社区的评定结果，至{publicity_until}（不含）；"
        "{objections_until}前受理异议。",
        en="Results of {communities:community|communities} public from {published_on} until "
        "{publicity_until}; objections are accepted until {objections_until}.",
    )

    round: RoundId
    published_on: date
    publicity_until: date
    objections_until: date
    communities: int


class Result(BaseModel):
    """The published result of one community."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    type: TypeSlug
    unit: JurisdictionId
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal
    decided: Annotated[bool, Field(description="Corrected individually before publication.")] = (
        False
    )


class ResultsListed(Event):
    """The published results of these communities. There may be several such entries."""

    sentence = Bilingual(
        zh="{published_on}公布{count}个社区的结果。",
        en="Results of {count:community|communities} published on {published_on}.",
    )

    round: RoundId
    published_on: date
    count: int
    results: tuple[Result, ...]


class RoundClosed(Event):
    """The round was closed: the publicity is over and every objection is decided and settled."""

    sentence = Bilingual(zh="{closed_on}本轮评定结束。", en="Closed on {closed_on}.")

    round: RoundId
    closed_on: date


class RoundAnnulled(Event):
    """The whole round is void from the start."""

    sentence = Bilingual(
        zh="{annulled_on}撤销本轮评定，自始无效。理由：{reason}",
        en="Annulled on {annulled_on}, void from the start. Reason: {reason}",
    )

    round: RoundId
    annulled_on: date
    reason: Reason


class ResultsAnnulled(Event):
    """The published results of these communities are void with the round."""

    sentence = Bilingual(
        zh="{count}个社区的结果随本轮撤销。",
        en="Void with the round: the results of {count:community|communities}.",
    )

    round: RoundId
    annulled_on: date
    count: int
    communities: tuple[CommunityId, ...]


class RoundScheduled(Event):
    """The round has its year in the calendar. Recorded after its planning."""

    sentence = Bilingual(
        zh="{title}列入评定日程：{begins_on}开始，截止日{cutoff_on}。",
        en="{title} is in the calendar: it begins on {begins_on}, cut-off day {cutoff_on}.",
    )
    proposes = True

    round: RoundId
    title: Title
    begins_on: date
    cutoff_on: date


class RoundConcluded(Event):
    """The round is over and keeps its year. Recorded after its closing."""

    sentence = Bilingual(
        zh="{concluded_on}起{round}已结束。", en="{round} is over from {concluded_on}."
    )

    round: RoundId
    concluded_on: date


class RoundUnscheduled(Event):
    """The round gives up its year. Recorded after its annulment."""

    sentence = Bilingual(
        zh="{unscheduled_on}{round}退出评定日程。",
        en="{round} left the calendar on {unscheduled_on}.",
    )

    round: RoundId
    unscheduled_on: date


PlanningEvent = RoundPlanned | RubricSet | StageOpened | StageClosed

EnteringEvent = RoundOpened | CommunitiesEntered | CommunitiesReentered

GradingEvent = CityGraded | CityRegraded

PublicationEvent = ResultsPublished | ResultsListed | RoundClosed

AnnulmentEvent = RoundAnnulled | ResultsAnnulled

RoundEvent = PlanningEvent | EnteringEvent | GradingEvent | PublicationEvent | AnnulmentEvent

CalendarEvent = RoundScheduled | RoundConcluded | RoundUnscheduled
