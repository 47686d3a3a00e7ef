"""The policy's milestones compared with the record (sections one, item three, and four).

Derived, never recorded: whether and when a milestone was reached, or how much is missing.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Literal, NamedTuple, assert_never, get_args

from domain.kernel.policy import Evidence, Milestone, Policy
from domain.kernel.text import Bilingual

TIMES_MAX = 50  # a reader may ask for any day
MilestoneStatus = Literal["reached", "reached-late", "open", "missed"]

STATUSES: Mapping[MilestoneStatus, Bilingual] = MappingProxyType(
    {
        "reached": Bilingual(zh="按期达成", en="reached in time"),
        "reached-late": Bilingual(zh="逾期达成", en="reached late"),
        "open": Bilingual(zh="未到期", en="not due yet"),
        "missed": Bilingual(zh="逾期未达成", en="missed"),
    }
)
EVIDENCE: Mapping[Evidence, Bilingual] = MappingProxyType(
    {
        "classified": Bilingual(zh="已划分类型的城市社区", en="urban communities classified"),
        "rounds": Bilingual(zh="已启动的评定", en="rounds opened"),
        "results": Bilingual(zh="已公布结果的评定", en="rounds with published results"),
        "measures": Bilingual(zh="已启动重点方向的社区类型", en="types with measures taken up"),
        "programmes": Bilingual(zh="已完成的市级年度工程", en="yearly city programmes closed"),
    }
)
RESTS_ON: Mapping[Evidence, Bilingual] = MappingProxyType(
    {
        "classified": Bilingual(
            zh="在册城市社区的类型，各自其生效之日起计",
            en="the types on record of urban communities, each from its day on",
        ),
        "rounds": Bilingual(
            zh="编年中评定的启动日，不含已撤销的评定",
            en="the recorded openings of rounds, without annulled ones",
        ),
        "results": Bilingual(
            zh="编年中评定结果的公布日，不含已撤销的评定",
            en="the recorded publications of results, without annulled rounds",
        ),
        "measures": Bilingual(
            zh="现有各类社区中首个重点方向的启动日",
            en="the day on which the first measure was taken up for each type in use",
        ),
        "programmes": Bilingual(
            zh="编年中市级年度工程的办结日", en="the recorded closings of the city's programmes"
        ),
    }
)
CANNOT_KNOW: Mapping[Evidence, Bilingual] = MappingProxyType(
    {
        "classified": Bilingual(
            zh="未登记的社区，以及类型是否符合实际",
            en="communities that are not on record, and whether a type fits",
        ),
        "rounds": Bilingual(
            zh="已启动而未记录的评定", en="rounds that were opened and not recorded"
        ),
        "results": Bilingual(
            zh="已公布而未记录的结果，以及是否人人可见",
            en="results that were published and not recorded, and whether everybody could see them",
        ),
        "measures": Bilingual(
            zh="其他社区是否推进，以及成效如何",
            en="whether other communities pursue it, and what came of it",
        ),
        "programmes": Bilingual(
            zh="办结的事项成效如何", en="what came of the items of a closed programme"
        ),
    }
)
assert set(EVIDENCE) == set(RESTS_ON) == set(CANNOT_KNOW) == set(get_args(Evidence))


class CourseStep(NamedTuple):
    """From this day on: the number of urban communities, and how many of them are classified, in a
    district, or in the city if there is none."""

    day: date
    classified: int
    standing: int
    district: str | None = None


class Recorded(NamedTuple):
    """What is on record as evidence of milestones, in any order.

    `classified` are courses over time, of the city and of each district. The others are days: a
    round opened, a round's results published, the first measure of each type taken up, a city
    programme closed. `types` are those in use on the requested day.
    """

    classified: tuple[CourseStep, ...] = ()
    rounds: tuple[date, ...] = ()
    results: tuple[date, ...] = ()
    measures: Mapping[str, date] = MappingProxyType({})
    programmes: tuple[date, ...] = ()
    types: frozenset[str] = frozenset()


class DistrictEvidence(NamedTuple):
    """The progress in one district that has something to do, as in MilestoneEvidence;
    `recorded_in_time` as in Reached."""

    district: str
    done: int
    of: int
    reached_on: date | None
    recorded_in_time: bool | None = None


class MilestoneEvidence(NamedTuple):
    """The progress of one kind of evidence: `done` of `of` by the requested day.

    `reached_on` is the first day on which nothing was missing, whatever happened later. `districts`
    show the same for each, in the order of their ids, if the evidence lies in districts.
    """

    evidence: Evidence
    done: int
    of: int
    reached_on: date | None
    districts: tuple[DistrictEvidence, ...] = ()


class Reached(NamedTuple):
    """The status of a milestone on a day. `days_late` is by how many calendar days it was reached
    late, or is overdue; None for neither. `recorded_in_time` says whether the record showed by the
    end of the due day that it was reached; None if it was not reached in time."""

    milestone: Milestone
    due_on: date
    found: tuple[MilestoneEvidence, ...]
    reached_on: date | None
    status: MilestoneStatus
    days_late: int | None
    recorded_in_time: bool | None = None

    @property
    def in_time(self) -> tuple[str | None, ...]:
        """Where it was reached in time: in districts, and (None) as a whole."""
        whole = (None,) if self.status == "reached" else ()
        return (*whole, *(each.district for each in self._districts() if self._is_in_time(each)))

    def recorded(self, by_then: Container[str | None]) -> "Reached":
        """The same with what the record showed by the end of the due day: where it was reached."""

        def told(part: MilestoneEvidence) -> MilestoneEvidence:
            districts = (
                each._replace(recorded_in_time=each.district in by_then)
                if self._is_in_time(each)
                else each
                for each in part.districts
            )
            return part._replace(districts=tuple(districts))

        whole = None in by_then if self.status == "reached" else None
        return self._replace(recorded_in_time=whole, found=tuple(told(each) for each in self.found))

    def _districts(self) -> Iterator[DistrictEvidence]:
        return (each for part in self.found for each in part.districts)

    def _is_in_time(self, each: DistrictEvidence) -> bool:
        return each.reached_on is not None and each.reached_on <= self.due_on


def milestones(policy: Policy, recorded: Recorded, *, today: date) -> list[Reached]:
    """The policy's milestones by day; recurring ones up to the next occurrence."""
    reached = [
        _reached(policy, each, due_on, recorded, today)
        for each in policy.milestones
        for due_on in _days(each, today)
    ]
    return sorted(reached, key=lambda each: each.due_on)


def _days(milestone: Milestone, today: date) -> Iterator[date]:
    due_on = milestone.due_on
    yield due_on
    for _ in range(TIMES_MAX):
        if milestone.every_years is None or due_on >= today:
            break
        due_on = _years_on(due_on, milestone.every_years)
        yield due_on


def _reached(
    policy: Policy, milestone: Milestone, due_on: date, recorded: Recorded, today: date
) -> Reached:
    found = tuple(_found(policy, each, due_on, recorded, today) for each in milestone.shown_by)
    days = [each.reached_on for each in found if each.reached_on is not None]
    reached_on = max(days) if len(days) == len(found) else None
    late = ((reached_on or today) - due_on).days
    status: MilestoneStatus = "open"
    if reached_on is not None:
        status = "reached-late" if late > 0 else "reached"
    elif late > 0:
        status = "missed"
    is_late = status in ("reached-late", "missed")
    return Reached(milestone, due_on, found, reached_on, status, late if is_late else None)


def _found(
    policy: Policy, evidence: Evidence, due_on: date, recorded: Recorded, today: date
) -> MilestoneEvidence:
    match evidence:
        case "classified":
            return _classified(recorded.classified, today)
        case "rounds":
            # A round counts for the occurrence in whose years it lies, until the next occurrence.
            begin = date(due_on.year, 1, 1)
            end = _years_on(begin, policy.rounds.every_years)
            days: Iterable[date] = (day for day in recorded.rounds if begin <= day < end)
            wanted = 1
        case "results":
            days, wanted = recorded.results, _rounds_due(policy, due_on)
        case "measures":
            days = (day for type, day in recorded.measures.items() if type in recorded.types)
            wanted = max(len(recorded.types), 1)
        case "programmes":
            days, wanted = recorded.programmes, policy.programme.years_min
        case _:
            assert_never(evidence)
    past = sorted(day for day in days if day <= today)
    reached_on = past[wanted - 1] if len(past) >= wanted else None
    return MilestoneEvidence(evidence, min(len(past), wanted), wanted, reached_on)


def _classified(course: Iterable[CourseStep], today: date) -> MilestoneEvidence:
    places: dict[str | None, list[CourseStep]] = {None: []}
    for step in sorted(course, key=attrgetter("day")):
        if step.day <= today:
            places.setdefault(step.district, []).append(step)
    city, *districts = (_course(*place) for place in places.items())
    shown = sorted(each for each in districts if each.of)
    return MilestoneEvidence("classified", city.done, city.of, city.reached_on, tuple(shown))


def _course(district: str | None, past: Sequence[CourseStep]) -> DistrictEvidence:
    complete = (step.day for step in past if step.standing and step.classified == step.standing)
    now = past[-1] if past else CourseStep(date.min, 0, 0)
    return DistrictEvidence(district or "", now.classified, now.standing, next(complete, None))


def _rounds_due(policy: Policy, due_on: date) -> int:
    """How many rounds should have begun by a day."""
    count, begins_on = 0, policy.rounds.first_from
    while begins_on <= due_on:
        count, begins_on = count + 1, _years_on(begins_on, policy.rounds.every_years)
    return max(count, 1)


def _years_on(day: date, years: int) -> date:
    """The same day in a later year; 29 February becomes the end of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
