"""A need of one partner of the demo, and the project that answers it, from its statement on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.partner_texts import (
    DONE_BADLY,
    DROPPED,
    EVALUATED,
    GIVEN_UP,
    MET,
    NOT_MET,
    OF_ANY_COMMUNITY,
    OF_COMMUNITIES,
    OF_UNITS,
    Theme,
)
from demo.resident_units import ResidentUnit, insider
from demo.streams import Strand
from demo.working_days import later
from domain.kernel.ids import derive_id
from domain.kernel.policy import Partnerships
from domain.partnership.agreement import CorrectPartnershipEntry
from domain.partnership.events import Side
from domain.partnership.exchange import CloseNeed, StateNeed
from domain.partnership.project import (
    ClaimProject,
    DeliverProject,
    DropProject,
    EvaluateProject,
    ListProject,
    ReleaseProject,
)

# How often the ratings are given, in the policy's order: the best first.
RATED = (13, 4, 1)


class Needs:
    """What the partners may come to need in the course of one agreement: nothing of it twice."""

    def __init__(self, strand: Strand, unit: ResidentUnit, random: Random) -> None:
        self.strand = strand
        self.unit = unit
        self.random = random
        # What this unit is good at comes first.
        own, common, of_unit = (
            random.sample(themes, len(themes))
            for themes in (OF_COMMUNITIES[unit.kind], OF_ANY_COMMUNITY, OF_UNITS)
        )
        self.themes: dict[Side, list[Theme]] = {"community": [*own, *common], "unit": of_unit}

    def answer(self, days: tuple[date, date], by: Side) -> None:
        """One of the partners states a need on one of these days; it is answered, or is not."""
        if not self.themes[by]:
            return
        theme = self.themes[by].pop(0)
        begin, until = days
        room = max((min(until, begin + timedelta(days=150)) - begin).days // 2, 1)
        stated_on = later(begin + timedelta(days=self.random.randrange(room)), 1)
        id = derive_id(self.strand.stream, "need", by, theme.need)
        _Answer(self.strand, self.unit, theme, by, until, self.random, id).run(stated_on)


def rated(
    policy: Partnerships, comments: Sequence[Sequence[str]], random: Random
) -> tuple[str, str]:
    """A rating, better ones more often, with a comment that suits it."""
    codes = [each.code for each in policy.ratings]
    weights = [RATED[min(index, len(RATED) - 1)] for index in range(len(codes))]
    code = random.choices(codes, weights)[0]
    suiting = comments[min(codes.index(code), len(comments) - 1)]
    return code, random.choice(suiting)


@dataclass
class _Answer:
    strand: Strand
    unit: ResidentUnit
    theme: Theme
    by: Side
    until: date
    random: Random
    id: str

    def run(self, day: date) -> None:
        """From the need's statement to its end, as far as the agreement lasts."""
        if day >= self.until:
            return
        state = StateNeed(need=self.id, by=self.by, description=self.theme.need, stated_on=day)
        self.strand.plan(day, state)
        if self.random.random() < 0.14:
            if self.random.random() < 0.7:
                self._close(self._behind(day, 20, 60), self.random.choice(NOT_MET), met=False)
            return
        if claimed := self._list(self._behind(day, 5, 15)):
            self._carry_out(*claimed)

    def _list(self, day: date) -> tuple[date, date] | None:
        """The day on which the project is claimed for good, and when it is due."""
        claimed_on = self._behind(day, 3, 15)
        if claimed_on >= self.until:
            return None
        command = ListProject(
            project=self.id,
            need=self.id,
            title=self.theme.project,
            description=self.theme.description,
            listed_on=day,
        )
        self.strand.plan(day, command)
        if self.random.random() < 0.04:
            return None  # nobody claims it
        due_on = self._claim(claimed_on)
        if self.random.random() < 0.12:
            released_on = self._behind(claimed_on, 12, 40)
            reason = self.random.choice(GIVEN_UP)
            release = ReleaseProject(project=self.id, released_on=released_on, reason=reason)
            self.strand.plan(released_on, release)
            claimed_on = self._behind(released_on, 8, 30)
            if claimed_on >= self.until:
                return None
            due_on = self._claim(claimed_on)
        return claimed_on, due_on

    def _insider(self, day: date) -> str:
        return insider(self.strand.chronicle, self.unit, self.random, day)

    def _claim(self, day: date) -> date:
        """The partner without the need takes it on; the day by which it is to be done."""
        due_on = day + timedelta(days=self.random.choice((60, 75, 90, 120)))
        by: Side = "unit" if self.by == "community" else "community"
        named = self.random.random() < 0.6 and by == "unit"
        claim = ClaimProject(
            project=self.id,
            by=by,
            person=self._insider(day) if named else None,
            claimed_on=day,
            due_on=due_on,
        )
        if self.random.random() >= 0.05:
            self.strand.plan(day, claim)
            return due_on
        # The form for the year to come was used.
        wrong = claim.model_copy(update={"due_on": due_on + timedelta(days=365)})
        claimed = self.strand.plan(day, wrong)
        self.strand.plan(
            self._behind(day, 4, 9),
            lambda: CorrectPartnershipEntry(
                corrects=claimed.entry,
                changes={"due_on": due_on.isoformat()},
                reason="完成时限的年份录入有误，以项目认领表为准。",
            ),
        )
        return due_on

    def _carry_out(self, claimed_on: date, due_on: date) -> None:
        if self.random.random() < 0.06:
            day = self._behind(claimed_on, 15, 40)
            reason = self.random.choice(DROPPED)
            self.strand.plan(day, DropProject(project=self.id, dropped_on=day, reason=reason))
            self._close(self._behind(day, 1, 5), self.random.choice(NOT_MET), met=False)
            return
        if self.random.random() < 0.08:
            return  # it is never heard of again
        late = self.random.random() < 0.15
        took = (due_on - claimed_on).days
        days = took + self.random.randint(3, 30) if late else self.random.randint(took // 2, took)
        delivered_on = later(claimed_on + timedelta(days=days), 0)
        figure = self.random.randint(3, 30)
        result = self.theme.result.format(n=figure, m=figure * self.random.randint(4, 11))
        deliver = DeliverProject(project=self.id, delivered_on=delivered_on, result=result)
        self.strand.plan(delivered_on, deliver)
        evaluated_on = self._behind(delivered_on, 5, 20)
        policy = self.strand.chronicle.policy.partnerships
        met = True
        if self.random.random() < 0.9:
            rating, comment = rated(policy, EVALUATED, self.random)
            evaluate = EvaluateProject(
                project=self.id, evaluated_on=evaluated_on, rating=rating, comment=comment
            )
            self.strand.plan(evaluated_on, evaluate, role="reviewer")
            met = rating != policy.ratings[-1].code
        result = self.random.choice(MET) if met else DONE_BADLY
        self._close(self._behind(evaluated_on, 1, 8), result, met=met)

    def _close(self, day: date, result: str, *, met: bool) -> None:
        self.strand.plan(day, CloseNeed(need=self.id, closed_on=day, met=met, result=result))

    def _behind(self, day: date, least: int, most: int) -> date:
        return later(day, self.random.randint(least, most))
