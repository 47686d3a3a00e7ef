"""Partnerships of communities and some subdistricts of the demo with resident units: agreements,
needs, offers and projects of both sides, and appraisals."""

from collections.abc import Sequence
from datetime import date, timedelta

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.partner_projects import Needs, rated
from demo.partner_texts import (
    AIMS,
    ANNULLED,
    APPRAISED_COMMUNITIES,
    APPRAISED_UNITS,
    ENDED,
    FACILITIES,
    FACILITIES_CLOSED,
    FEEDBACK_OF_COMMUNITIES,
    FEEDBACK_OF_UNITS,
    OFFERED_BY_COMMUNITIES,
    OFFERED_BY_UNITS,
    RESOURCES_WITHDRAWN,
    TITLES,
)
from demo.resident_units import ResidentUnit, units_near
from demo.streams import LAST_DAY, Strand, StreamStep
from demo.working_days import last_working_day, later, next_month, working_day
from domain.kernel.ids import derive_id
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
    SignAgreement,
)
from domain.partnership.events import Side
from domain.partnership.exchange import (
    AppraisePartner,
    CloseFacility,
    GiveFeedback,
    OfferResource,
    OpenFacility,
    WithdrawResource,
)

FIRST_SIGNED = date(2021, 5, 10)
LAST_SIGNED = date(2025, 8, 29)
PARTNERS_SHARE = 0.2
SUBDISTRICTS = ("桂溪街道", "塔山街道", "檀溪街道", "科苑街道")

Days = tuple[date, date]  # from the first to before the second


def live(chronicle: Chronicle) -> None:
    """The five years of all partnerships."""
    for member in sorted(chronicle.ever(), key=lambda each: each.id):
        random = chance("partnership", member.id)
        # Of what becomes of agreements when a community ends there is always something to see.
        if random.random() < PARTNERS_SHARE or member.id in chronicle.ended:
            earliest = max(FIRST_SIGNED, member.since + timedelta(days=60))
            if earliest < LAST_SIGNED:
                # More were signed early than late.
                days = int((LAST_SIGNED - earliest).days * random.random() ** 1.8)
                agree(chronicle, member, working_day(earliest + timedelta(days=days)))
    for name in SUBDISTRICTS:
        day = working_day(date(2021, 6, 1) + timedelta(days=chance("street", name).randrange(400)))
        place, member = chronicle.place(name), chronicle.in_place(name)[0]
        near = units_near(chronicle, member, day)
        unit = chance("partner", place.id).choice(near)
        strand = _strand(chronicle, unit, day, place=place.id)
        _Partnership(strand, unit, near, day).run()


def agree(
    chronicle: Chronicle, member: Member, day: date, unit: ResidentUnit | None = None
) -> None:
    """A community and a unit near it begin to work together."""
    if (until := chronicle.until(member.id)) and until <= later(day, 20):
        return
    near = units_near(chronicle, member, day)
    unit = unit or chance("partner", member.id, day).choice(near)
    strand = _strand(chronicle, unit, day, community=member.id)
    _Partnership(strand, unit, near, day).run()
    heir = chronicle.members.get(strand.heir or "")
    if heir and strand.steps and strand.until < LAST_DAY:
        agree(chronicle, heir, later(max(strand.until, heir.since), 15), unit)


def _strand(
    chronicle: Chronicle,
    unit: ResidentUnit,
    day: date,
    *,
    community: str | None = None,
    place: str | None = None,
) -> Strand:
    id = derive_id("demo", "partnership", community, place, unit.id, day)
    return Strand(chronicle, f"partnership:{id}", community, place)


class _Partnership:
    """One partnership from its agreement to its end."""

    def __init__(
        self, strand: Strand, unit: ResidentUnit, near: Sequence[ResidentUnit], day: date
    ) -> None:
        self.strand = strand
        self.unit = unit
        self.others = [each for each in near if each.id != unit.id]
        self.day = day
        self.policy = strand.chronicle.policy.partnerships
        self.chance = chance("course", strand.stream)
        self.needs = Needs(strand, unit, chance("needs", strand.stream))

    def run(self) -> None:
        """The agreement, its years, and its end if it comes to one."""
        spans = self._agreement()
        for begin, until in spans:
            for year in range(begin.year, min(until, LAST_DAY).year + 1):
                days = max(begin, date(year, 2, 20)), min(until, date(year + 1, 1, 10))
                if (days[1] - days[0]).days > 90:
                    self._year(year, days, first=days[0].year == self.day.year)
        end = self.strand.until
        holds = any(begin <= end < until for begin, until in spans)
        self.strand.tell(self._closing if holds else None)

    def _agreement(self) -> list[Days]:
        """The agreement, its renewals and its early end, as the days on which it holds."""
        step = self._sign()
        spans = [step]
        while spans[-1][1] <= LAST_DAY and self.chance.random() < 0.72:
            spans.append(self._renew(spans[-1][1]))
        begin, until = spans[-1]
        if self.chance.random() < 0.16 and (min(until, LAST_DAY) - begin).days > 240:
            days = self.chance.randrange(200, (min(until, LAST_DAY) - begin).days)
            spans[-1] = begin, working_day(begin + timedelta(days=days))
            if spans[-1][1] < until:
                reason = self.chance.choice(ENDED)
                self.strand.plan(
                    spans[-1][1], EndAgreement(effective_until=spans[-1][1], reason=reason)
                )
        return spans

    def _sign(self) -> Days:
        strand, unit, signed_on = self.strand, self.unit, self.day
        begin = self.chance.choice((signed_on, signed_on, next_month(signed_on)))
        until = _years_later(begin, self.chance.choice((1, 1, 2, 2, 3)))
        open_ended = self.chance.random() < 0.1
        title = self.chance.choice(TITLES)
        about = f"关于与{unit.name}签订{title}的"
        paper = (
            strand.chronicle.community_paper(strand.member_on(signed_on), f"{about}报告", signed_on)
            if strand.community
            else strand.chronicle.place_paper(strand.place_on(signed_on), f"{about}通知", signed_on)
        )
        sign = SignAgreement(
            community=strand.community,
            subdistrict=strand.place,
            unit=unit.id,
            title=title,
            aims=self.chance.choice(AIMS),
            signed_on=signed_on,
            effective_from=begin,
            effective_until=None if open_ended else until,
        )
        if self.chance.random() < 0.08:
            self._sign_wrongly(sign, paper)
        else:
            strand.plan(signed_on, sign, paper, prompt=True)
        return begin, date.max if open_ended else until

    def _sign_wrongly(self, sign: SignAgreement, paper: Paper) -> None:
        """The next line of the list of units was chosen: put right when the licence is seen."""
        strand, day = self.strand, self.day
        wrong = sign.model_copy(update={"unit": self.others[0].id})
        signed = strand.plan(day, wrong, paper, prompt=True)
        strand.plan(
            later(day, 17),
            lambda: CorrectPartnershipEntry(
                corrects=signed.entry,
                changes={"unit": sign.unit},
                reason="录入时串行，经与单位证照核对更正。",
            ),
        )

    def _renew(self, until: date) -> Days:
        """In time mostly; sometimes it had lapsed for a while."""
        lapsed = self.chance.random() < 0.2
        signed_on = (
            later(until, self.chance.randint(15, 45))
            if lapsed
            else working_day(until - timedelta(days=self.chance.randint(8, 25)))
        )
        begin = max(until, signed_on)
        end = _years_later(begin, self.chance.choice((1, 2, 2)))
        renew = RenewAgreement(signed_on=signed_on, effective_from=begin, effective_until=end)
        self.strand.plan(signed_on, renew)
        return begin, end

    def _closing(self) -> EndAgreement:
        """The community has ended: another continues with the unit, if there is one."""
        strand = self.strand
        heir = strand.chronicle.members.get(strand.heir or "")
        reason = f"社区建制调整，由{heir.name}与单位另行签订协议。" if heir else "社区撤销。"
        return EndAgreement(effective_until=strand.until, reason=reason)

    def _year(self, year: int, days: Days, *, first: bool) -> None:
        begin, until = days
        if first or self.chance.random() < 0.3:
            self._offers(begin, until)
        if first and self.chance.random() < 0.6:
            self._facility(begin, until)
        self.needs.answer(days, "community")
        if self.chance.random() < 0.45:
            self.needs.answer(days, "unit")
        if self.chance.random() < 0.45:
            self.needs.answer(days, "community")
        self._feedback(date(year, 6, 10), days)
        self._appraisals(year, days)

    def _offers(self, begin: date, until: date) -> None:
        offers: Sequence[tuple[Side, tuple[str, ...]]] = (
            ("unit", OFFERED_BY_UNITS[self.unit.kind]),
            ("community", OFFERED_BY_COMMUNITIES),
        )
        for by, texts in offers:
            if self.chance.random() < 0.75:
                offered_on = later(begin, self.chance.randint(3, 30))
                resource = derive_id(self.strand.stream, "resource", by, offered_on)
                available_until = min(until, date(begin.year, 12, 31))
                offer = OfferResource(
                    resource=resource,
                    by=by,
                    description=self.chance.choice(texts),
                    offered_on=offered_on,
                    available_until=available_until,
                )
                self.strand.plan(offered_on, offer)
                if self.chance.random() < 0.2:
                    offered_last = last_working_day(available_until - timedelta(days=1))
                    day = min(later(offered_on, self.chance.randint(30, 120)), offered_last)
                    reason = self.chance.choice(RESOURCES_WITHDRAWN)
                    withdraw = WithdrawResource(resource=resource, withdrawn_on=day, reason=reason)
                    self.strand.plan(day, withdraw)

    def _facility(self, begin: date, until: date) -> None:
        """Something of the unit's own is opened to residents, and closed again at times."""
        word, name, hours = self.chance.choice(FACILITIES[self.unit.kind])
        kinds = self.policy.facilities
        kind = next((each for each in kinds if word in each.title.zh), kinds[-1])
        opened_on = later(begin, self.chance.randint(8, 40))
        facility = derive_id(self.strand.stream, "facility", name)
        opening = OpenFacility(
            facility=facility,
            facility_kind=kind.code,
            name=f"{self.unit.name}{name}",
            opening_hours=hours,
            effective_from=opened_on,
        )
        self.strand.plan(opened_on, opening)
        if self.chance.random() < 0.25:
            day = later(opened_on, self.chance.randint(120, 400))
            reason = self.chance.choice(FACILITIES_CLOSED)
            close = CloseFacility(facility=facility, effective_until=day, reason=reason)
            self.strand.plan(day, close)

    def _feedback(self, first: date, days: Days) -> None:
        texts: Sequence[tuple[Side, tuple[str, ...]]] = (
            ("community", FEEDBACK_OF_COMMUNITIES),
            ("unit", FEEDBACK_OF_UNITS),
        )
        for by, said in texts:
            given_on = later(first, self.chance.randint(0, 25))
            if self.chance.random() < 0.75 and days[0] <= given_on < days[1]:
                content = self.chance.choice(said)
                give = GiveFeedback(by=by, given_on=given_on, content=content)
                given = self.strand.plan(given_on, give)
                if self.chance.random() < 0.06:
                    self._annul(given, later(given_on, 6))

    def _annul(self, given: StreamStep, day: date) -> None:
        self.strand.plan(
            day,
            lambda: AnnulPartnershipEntry(annuls=given.entry, reason=self.chance.choice(ANNULLED)),
        )

    def _appraisals(self, year: int, days: Days) -> None:
        """At the end of the year each side appraises the other."""
        texts: Sequence[tuple[Side, tuple[tuple[str, ...], ...]]] = (
            ("community", APPRAISED_UNITS),
            ("unit", APPRAISED_COMMUNITIES),
        )
        for by, comments in texts:
            day = later(date(year, 12, 5), self.chance.randint(0, 16))
            if self.chance.random() < 0.85 and day < days[1]:
                rating, comment = rated(self.policy, comments, self.chance)
                appraise = AppraisePartner(by=by, appraised_on=day, rating=rating, comment=comment)
                self.strand.plan(day, appraise)


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))
