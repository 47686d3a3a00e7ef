"""A round is planned and opened: its rules, the communities that take part, the stages' windows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeVar

from pydantic import Field

from domain.command import Command
from domain.community.state import Community
from domain.event import Event, On
from domain.ids import CommunityId, RoundId, StageSlug, Title, TypeSlug
from domain.jurisdiction.levels import LEVELS
from domain.jurisdiction.state import Jurisdiction
from domain.occasion import Occasion
from domain.policy import called, offered
from domain.refusals import Refused, clause, refused_for
from domain.review.opening import ReviewOpened
from domain.round.calendar import CALENDAR, Calendar, RoundScheduled
from domain.round.cutoff import rounds_of, streams_of
from domain.round.plan import ItemRule, Rules, Window, rubrics_of, rules_of
from domain.subject import Subject
from domain.words import Number, Words

if TYPE_CHECKING:
    from domain.round.state import Round

T = TypeVar("T")

ENTRY_COMMUNITIES_MAX = 500  # ids have 64 characters at most, an entry 64 KiB
Communities = Annotated[tuple[CommunityId, ...], Field(min_length=1, max_length=5_000)]

PLAN = Words(zh="安排一轮评定", en="plan a round")
OPEN = Words(zh="启动一轮评定", en="open a round")
WINDOWS = Words(zh="启动或结束评定环节", en="open or close a stage")


class RoundPlanned(Event):
    """A round of grading is planned: its days and its rules, which hold whatever changes later."""

    sentence = Words(
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
    """What one stage of the round counts, for some types or for all others. Behind the plan."""

    sentence = Words(
        zh="{stage}在总分中的权重为 {weight}。", en="{stage} weighs {weight} in the total."
    )

    round: RoundId
    stage: StageSlug
    types: tuple[TypeSlug, ...] = ()
    weight: int
    items: tuple[ItemRule, ...] = ()


class RoundOpened(Event):
    """The round has begun."""

    sentence = Words(
        zh="{opened_on}启动本轮评定，{communities}个社区参加。",
        en="Opened on {opened_on} with {communities:community|communities}.",
    )

    round: RoundId
    opened_on: date
    communities: int


class CommunitiesEntered(Event):
    """These communities take part in the round. As many entries as it takes."""

    sentence = Words(
        zh="{count}个社区列入本轮评定。", en="{count:community takes|communities take} part."
    )

    round: RoundId
    entered_on: date
    count: int
    communities: tuple[CommunityId, ...]


class CommunitiesReentered(Event):
    """These communities were withdrawn, and take part again. As many entries as it takes."""

    sentence = Words(
        zh="{count}个已退出的社区重新列入本轮评定。",
        en="{count:community that was|communities that were} withdrawn back in the round.",
    )

    round: RoundId
    entered_on: date
    count: int
    communities: tuple[CommunityId, ...]


class StageOpened(Event):
    """From this day on the stage's acts are taken."""

    sentence = Words(zh="{opened_on}启动{stage}。", en="{stage} opened on {opened_on}.")

    round: RoundId
    stage: StageSlug
    opened_on: date


class StageClosed(Event):
    """The stage's acts are taken no longer, unless it is opened again."""

    sentence = Words(zh="{closed_on}结束{stage}。", en="{stage} closed on {closed_on}.")

    round: RoundId
    stage: StageSlug
    closed_on: date


PlanningEvent = (
    RoundPlanned
    | RubricSet
    | RoundOpened
    | CommunitiesEntered
    | CommunitiesReentered
    | StageOpened
    | StageClosed
)


class PlanRound(Command["Round"]):
    """Plan a round of grading: its days, and by the policy in force its rules.

    Rounds begin every second year (section four, item one). `windows` are the days for which each
    of the policy's stages is planned, in their order.
    """

    begins: ClassVar[bool] = True

    title: Title
    begins_on: date
    cutoff_on: date
    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: "Round") -> Iterable[str]:
        """The calendar of rounds."""
        return (CALENDAR,)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Planned."""
        rounds = occasion.policy.rounds
        occasion.require_role(rounds.roles.may_lead, PLAN)
        if "." in state.id or len(state.id) > 31:
            raise Refused(
                f"The round's id {state.id} has a full stop or more than 31 characters, and names "
                "of reviews are made of it; choose another.",
                f"评定轮次编号 {state.id} 含有句点或超过31个字符，而复核编号由其组成；请另选编号。",
            )
        years, first = rounds.every_years, rounds.first_from
        if self.begins_on < first or (self.begins_on.year - first.year) % years:
            raise Refused(
                f"Rounds begin every {Number(years):year|years} from {first} on, and "
                f"{self.begins_on} is not in "
                "such a year; choose another day.",
                f"评定自 {first} 起每{years}年开展一轮，{self.begins_on} 不在其列；请另选日期。",
            )
        if self.cutoff_on > self.begins_on:
            raise Refused(
                f"The cut-off day {self.cutoff_on} is behind the beginning {self.begins_on}; "
                "choose a cut-off day that has come by then.",
                f"截止日 {self.cutoff_on} 晚于开始日 {self.begins_on}；请选择更早的截止日。",
            )
        occasion.state(Calendar, CALENDAR).require_free_year(self.begins_on.year)
        windows = self._windows(occasion)
        planned = RoundPlanned(
            round=state.id,
            title=self.title,
            begins_on=self.begins_on,
            cutoff_on=self.cutoff_on,
            rules=rules_of(occasion.policy, windows),
        )
        rubrics = [
            RubricSet(round=state.id, **dict(rubric)) for rubric in rubrics_of(occasion.policy)
        ]
        scheduled = RoundScheduled(
            round=state.id, title=self.title, begins_on=self.begins_on, cutoff_on=self.cutoff_on
        )
        return [planned, *rubrics, On(CALENDAR, scheduled)]

    def _windows(self, occasion: Occasion) -> Mapping[str, Window]:
        stages = [stage.code for stage in occasion.policy.stages]
        if [window.stage for window in self.windows] != stages:
            order = offered("round-stage", stages)
            raise Refused(
                f"The windows are not those of the policy's stages in their order: {order.en}; "
                "give each stage its days, in this order.",
                f"所列时段与政策规定的环节及次序不符：{order.zh}；请依次为各环节安排时段。",
            )
        begin = self.begins_on
        for window in self.windows:
            if window.planned_from < begin or window.planned_until <= window.planned_from:
                stage = called("round-stage", window.stage)
                raise Refused(
                    f"The days of “{stage.en}”, {window.planned_from} until "
                    f"{window.planned_until}, are out of order; begin no stage before the round "
                    "or the stage before it, and end it after it begins.",
                    f"环节“{stage.zh}”的时段（{window.planned_from} 至 "
                    f"{window.planned_until}）次序有误；各环节不得早于本轮或上一环节开始，"
                    "且结束应晚于开始。",
                )
            begin = window.planned_from
        return {window.stage: window for window in self.windows}


class OpenRound(Command["Round"]):
    """Open a planned round with the communities that take part.

    Type, subdistrict and unit of each are fixed as they are on record for the cut-off day.
    """

    opened_on: date
    communities: Communities

    def consults(self, state: "Round") -> Iterable[str]:
        """The communities, and the calendar of rounds."""
        return [CALENDAR, *(f"community:{community}" for community in self.communities)]

    def consults_further(self, state: "Round", consulted: Mapping[str, Subject]) -> Iterable[str]:
        """What they lie under on the cut-off day, and their reviews in rounds that are not over."""
        yield from _above(state, self.communities, consulted)
        yield from streams_of(self.communities, consulted, state.id)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Opened."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, OPEN)
        state.require_phase("planned")
        state.require_come(state.cutoff_on, occasion)
        state.require_come(self.opened_on, occasion, since=max(state.cutoff_on, state.begins_on))
        entered = _entered(state, self.communities, self.opened_on, occasion)
        opened = RoundOpened(
            round=state.id, opened_on=self.opened_on, communities=len(self.communities)
        )
        return [opened, *entered]


class AdmitCommunities(Command["Round"]):
    """Let more communities take part in a round that is open and not graded yet.

    One that was withdrawn comes in anew, as it is on record for the cut-off day by now: its stages
    begin again, and vetoes stay.
    """

    admitted_on: date
    communities: Communities

    def consults(self, state: "Round") -> Iterable[str]:
        """The communities, and the calendar of rounds."""
        return [CALENDAR, *(f"community:{community}" for community in self.communities)]

    def consults_further(self, state: "Round", consulted: Mapping[str, Subject]) -> Iterable[str]:
        """What they lie under on the cut-off day, and their reviews in rounds that are not over."""
        yield from _above(state, self.communities, consulted)
        yield from streams_of(self.communities, consulted, state.id)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Entered."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, OPEN)
        state.require_phase("open")
        state.require_come(self.admitted_on, occasion, since=state.opened_on)
        return _entered(state, self.communities, self.admitted_on, occasion)


class OpenStage(Command["Round"]):
    """Open a stage's window, in the stages' order; one that was closed can be opened again."""

    stage: StageSlug
    opened_on: date

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Opened."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, WINDOWS)
        state.require_phase("open")
        state.plan.stage(self.stage)
        its = called("round-stage", self.stage)
        if state.is_stage_open(self.stage):
            raise Refused(
                f"“{its.en}” is open already; there is nothing to record.",
                f"环节“{its.zh}”已在进行，无需记录。",
            )
        stages = [each.stage for each in state.plan.rules.stages]
        before = stages[: stages.index(self.stage)]
        if before and before[-1] not in state.windows:
            first = called("round-stage", before[-1])
            raise Refused(
                f"“{first.en}” comes before “{its.en}” and was not opened yet; open it first.",
                f"“{its.zh}”之前的环节“{first.zh}”尚未启动；请先启动该环节。",
            )
        since = [state.opened_on, *(state.windows[each].first_on for each in before[-1:])]
        if own := state.windows.get(self.stage):
            since.append(own.closed_on or own.on)
        state.require_come(self.opened_on, occasion, since=max(since))
        return [StageOpened(round=state.id, **vars(self))]


class CloseStage(Command["Round"]):
    """Close a stage's window."""

    stage: StageSlug
    closed_on: date

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Closed."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, WINDOWS)
        state.require_phase("open")
        opened_on = state.require_stage_open(self.stage)
        state.require_come(self.closed_on, occasion, since=opened_on)
        return [StageClosed(round=state.id, **vars(self))]


def chunks(values: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """The values in order, as many at a time as fit into one entry."""
    return (tuple(values[begin : begin + size]) for begin in range(0, len(values), size))


def _above(
    state: "Round", communities: Iterable[str], consulted: Mapping[str, Subject]
) -> Iterator[str]:
    if not state.version:
        return
    day = state.cutoff_on
    for id in communities:
        community = consulted.get(f"community:{id}")
        if not isinstance(community, Community) or not (place := community.subdistricts.on(day)):
            continue
        yield f"jurisdiction:{place}"
        subdistrict = consulted.get(f"jurisdiction:{place}")
        if isinstance(subdistrict, Jurisdiction) and (unit := subdistrict.parents.on(day)):
            yield f"jurisdiction:{unit}"


def _entered(
    state: "Round", communities: Sequence[str], day: date, occasion: Occasion
) -> list[Event | On]:
    """The ids in the round and their reviews opened; Refused with all that cannot enter."""
    reviews: list[Event | On] = []
    unfit: list[Words] = []
    entrants, seen = set(state.entrants), set[str]()
    for id in communities:
        community = occasion.state(Community, id)
        try:
            if id in seen:
                raise Refused(
                    f"{community.title} ({id}) is named twice.",
                    f"{community.title}（{id}）重复填写。",
                )
            seen.add(id)
            _require_in_no_round(state, community, occasion)
            reviews.append(On(f"review:{state.id}.{id}", _opened(state, community, occasion)))
        except Refused as refusal:
            unfit.append(clause(refusal))
    if unfit:
        raise refused_for(
            f"{len(unfit)} of {Number(len(communities)):community|communities} cannot take part:",
            f"{len(communities)}个社区中有{len(unfit)}个不能参加：",
            unfit,
        )
    new = [id for id in communities if id not in entrants]
    again = [id for id in communities if id in entrants]
    return [
        *(_listed(CommunitiesEntered, state.id, day, ids) for ids in _entries(new)),
        *(_listed(CommunitiesReentered, state.id, day, ids) for ids in _entries(again)),
        *reviews,
    ]


def _entries(communities: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chunks(communities, ENTRY_COMMUNITIES_MAX)


def _listed(
    kind: type[CommunitiesEntered | CommunitiesReentered],
    round: str,
    day: date,
    communities: tuple[str, ...],
) -> Event:
    return kind(round=round, entered_on=day, count=len(communities), communities=communities)


def _require_in_no_round(state: "Round", community: Community, occasion: Occasion) -> None:
    """Refused while it takes part in this round, or in another that is not over."""
    for its_round in rounds_of(community.id, occasion, state.id):
        raise Refused(
            f"{community.title} ({community.id}) takes part in {its_round.title} already "
            f"(round {its_round.id}), and in one round at a time.",
            f"{community.title}（{community.id}）已参加{its_round.title}（轮次 {its_round.id}），"
            "同一时间只能参加一轮。",
        )


def _opened(state: "Round", community: Community, occasion: Occasion) -> ReviewOpened:
    day = state.cutoff_on
    community.require_standing_on(day)
    type = community.require_type_on(day)
    place = community.subdistricts.on(day)
    assert place is not None, "a community that stands lies somewhere"
    subdistrict = occasion.state(Jurisdiction, place)
    unit_id = subdistrict.parents.on(day)
    assert unit_id is not None, "a subdistrict lies under a unit"
    unit = occasion.state(Jurisdiction, unit_id)
    if not subdistrict.has_urban_communities_on(day, unit):
        level = LEVELS[subdistrict.level_on(day)]
        raise Refused(
            f"{community.title} lies under the {level.en} {subdistrict.title}, which is not the "
            f"seat of {unit.title} on {day}, so it is no urban community.",
            f"{community.title} 在 {day} 隶属{level.zh}{subdistrict.title}，"
            f"而该{level.zh}并非{unit.title}驻地，不属于城市社区。",
        )
    return ReviewOpened(
        round=state.id,
        community=community.id,
        cutoff_on=day,
        type=type,
        unit=unit.id,
        subdistrict=subdistrict.id,
    )
