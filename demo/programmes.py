"""Yearly programmes of the demo city and of some of its units: drafted, consulted on, adopted,
revised, carried out through tasks and closed in the next year. The last year's are still open."""

from datetime import date, timedelta

from demo import tasks
from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.names import CITY_NAME, CITY_SHORT, UNITS
from demo.programme_texts import ANNULLED, CLOSED, DROPPED, ITEMS, REVISED, SUMMARIES, Proposed
from demo.streams import LAST_DAY, Thread
from demo.tasks import Errand, Office
from demo.working_days import later, working_day
from domain.kernel.context import Acting
from domain.kernel.ids import derive_id
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
    programme_id,
)
from domain.programme.items import (
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)

YEARS = range(2021, 2026)
UNITS_WITH_PROGRAMMES = 5
# What the units were called at the beginning: who is called otherwise was reorganised since.
FIRST_UNITS = frozenset(unit.name for unit in UNITS)
DROPPED_IN = 2023
ADOPTED_ANEW_IN = 2022


def carry_out(chronicle: Chronicle) -> None:
    """Five years of the city's programmes, and of those units that have any."""
    lasting = [unit.id for unit in chronicle.units.values() if unit.name in FIRST_UNITS]
    chosen = chance("programmes").sample(lasting, UNITS_WITH_PROGRAMMES)
    for year in YEARS:
        _Programme(chronicle, chronicle.city, CITY_NAME, year).tell()
        for number, unit in enumerate(chosen):
            if year >= YEARS[0] + number // 2:
                _Programme(chronicle, unit, chronicle.units[unit].name, year).tell()


class _Programme:
    """One year's programme of one jurisdiction."""

    def __init__(self, chronicle: Chronicle, where: str, name: str, year: int) -> None:
        self.chronicle = chronicle
        self.where = where
        self.name = name
        self.year = year
        self.of_city = where == chronicle.city
        self.work = chronicle.policy.work
        self.thread = Thread(chronicle, f"programme:{programme_id(where, year)}")
        self.chance = chance("programme", where, year)
        self.day = working_day(date(year, 2 if year > YEARS[0] else 4, 18))
        bounds = chronicle.policy.programme
        most = min(bounds.items_max, 6)
        count = self.chance.randint(max(bounds.items_min, 4), most) if self.of_city else 4
        self.items = self.chance.sample(ITEMS, count - (0 if self.of_city else self.year % 2))
        self.due_on = date(year, 11, 30)
        self.done: list[date] = []
        self.is_open = False

    def tell(self) -> None:
        """From the draft to the close, as far as time goes."""
        self._draft()
        if self.of_city or self.chance.random() < 0.5:
            self._consult()
        self._adopt()
        for number, item in enumerate(self.items):
            self._item(number, item)
        self.day = later(max([self.day, *self.done]), self.chance.randint(6, 18))
        self.day = max(self.day, working_day(date(self.year, 12, 20)))
        if not self.is_open and self.day <= LAST_DAY:
            command = CloseProgramme(closed_on=self.day, summary=CLOSED)
            title = f"关于{self.name}{self.year}年度攻坚事项完成情况的通报"
            self.thread.note(self.day, command, self._adopter(), self._paper(title))

    def _draft(self) -> None:
        title = f"{self.name}{self.year}年度城市社区治理补短板强弱项攻坚事项"
        command = DraftProgramme(
            jurisdiction=self.where, year=self.year, title=title, drafted_on=self.day
        )
        self.thread.note(self.day, command, self._drafter())
        self._pass(3, 8)
        for number, item in enumerate(self.items):
            added = AddProgrammeItem(
                item=self._id(number),
                added_on=self.day,
                title=item.title,
                description=item.description,
                focus=self._focus(item),
                unit=self.where,
                person=self._doer(number).on(self.chronicle, self.day, "desk 0").actor.person,
                due_on=self.due_on,
            )
            self.thread.note(self.day, added, self._drafter())

    def _consult(self) -> None:
        begun = self.day
        self._pass(10, 15)
        summary = self.chance.choice(SUMMARIES).format(
            n=self.chance.randint(60, 900), k=self.chance.randint(5, 30), first=self.items[0].title
        )
        command = RecordConsultation(
            consulted_from=begun,
            consulted_until=self.day,
            replies=self.chance.randint(80, 1200) if self.of_city else self.chance.randint(15, 160),
            summary=summary,
        )
        self.thread.note(self.day, command, self._drafter())

    def _adopt(self) -> None:
        self._pass(4, 12)
        title = f"关于印发{self.name}{self.year}年度城市社区治理攻坚事项的通知"
        paper = self._paper(title)
        if self.of_city and self.year == ADOPTED_ANEW_IN:
            self.thread.note(self.day, AdoptProgramme(adopted_on=self.day), self._adopter(), paper)
            adopted = self.thread.entries
            self._pass(2, 3)
            annul = AnnulProgrammeEntry(annuls=adopted, reason=ANNULLED)
            self.thread.note(self.day, annul, self._adopter())
            self._pass(1, 1)
        self.thread.note(self.day, AdoptProgramme(adopted_on=self.day), self._adopter(), paper)

    def _item(self, number: int, item: Proposed) -> None:
        """Its tasks; one item is revised on the way, and one is dropped at last."""
        dropped = self.of_city and self.year == DROPPED_IN and number == len(self.items) - 1
        due_on = self.due_on
        if self.chance.random() < 0.15 and not dropped:
            due_on = self._revise(number, item)
        until = working_day(date(self.year, 9, 18)) if dropped else date.max
        self._pass(1, 4)
        for step, what in enumerate(item.steps):
            self._task(number, f"{item.title}：{what}", step, due_on, until)
        if dropped:
            self.day = max(self.day, until)
            command = DropProgrammeItem(item=self._id(number), dropped_on=self.day, reason=DROPPED)
            self.thread.note(self.day, command, self._drafter())

    def _revise(self, number: int, item: Proposed) -> date:
        self._pass(4, 10)
        due_on = self.due_on + timedelta(days=25)
        command = ReviseProgrammeItem(
            item=self._id(number),
            revised_on=self.day,
            title=item.title,
            description=item.description,
            focus=self._focus(item),
            unit=self.where,
            person=self._doer(number).on(self.chronicle, self.day, "desk 1").actor.person,
            due_on=due_on,
            reason=self.chance.choice(REVISED),
        )
        self.thread.note(self.day, command, self._drafter())
        return due_on

    def _task(self, number: int, title: str, step: int, due_on: date, until: date) -> None:
        latest = due_on - timedelta(days=40 * (1 - step))
        errand = Errand(
            title=title,
            doer=self._doer(number + step),
            verifier=Office(self._adopters(), self.where),
            giver=Office(self.work.may_draft_programmes, self.where),
            given_on=self.day,
            due_on=latest,
        )
        asked = (errand.assignment(self.chronicle),)
        command = AssignItemTasks(item=self._id(number), assigned_on=self.day, tasks=asked)
        act = self.thread.note(self.day, command, self._drafter())
        (id,) = self.thread.tasks(act, 1)
        outcome = tasks.live(
            self.chronicle, id, errand, given_on=self.day, until=until, surely=True
        )
        self.done.append(outcome.on)
        self.is_open = self.is_open or (outcome.status == "open" and until == date.max)

    def _doer(self, number: int) -> Office:
        """A city's items are done by its units, a unit's by its subdistricts and towns."""
        day = self.day
        within = (
            [unit.id for unit in self.chronicle.units.values() if unit.name in FIRST_UNITS]
            if self.of_city
            else [place.id for place in self.chronicle.places.values() if place.unit == self.where]
        )
        where = sorted(within)[(number + day.year) % len(within)]
        return Office(self.work.may_carry_out_tasks, where)

    def _focus(self, item: Proposed) -> str | None:
        focuses = self.chronicle.policy.programme.focuses
        about = item.about
        return next((f.code for f in focuses if about and about in f.title.zh), None)

    def _adopters(self) -> tuple[str, ...]:
        return tuple(
            self.work.may_adopt_city_programmes
            if self.of_city
            else self.work.may_adopt_district_programmes
        )

    def _adopter(self) -> Acting:
        return self.chronicle.by(self._adopters(), self.where, self.day)

    def _drafter(self) -> Acting:
        """The person who may adopt also drafts, if the policy allows it."""
        roles = [each for each in self._adopters() if each in self.work.may_draft_programmes]
        return self.chronicle.by(
            roles or self.work.may_draft_programmes, self.where, self.day, seat="programmes"
        )

    def _paper(self, title: str) -> Paper:
        if self.of_city:
            return Paper(f"{CITY_NAME}人民政府办公室", f"{CITY_SHORT}府办发", title, self.day)
        return self.chronicle.unit_paper(self.chronicle.units[self.where], title, self.day)

    def _id(self, number: int) -> str:
        return derive_id("demo", "item", self.where, self.year, number)

    def _pass(self, least: int, most: int) -> None:
        self.day = later(self.day, self.chance.randint(least, most))
