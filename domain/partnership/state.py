"""The state of a partnership: its days, its matters and their stages."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from domain.community.state import Community
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.context import DecisionContext
from domain.kernel.days import require_due, require_order
from domain.kernel.event import Event
from domain.kernel.policy.calendar_periods import period_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import SingleStagedSubject
from domain.kernel.step import day_of, stages_of
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.partnership.events import (
    AgreementEnded,
    AgreementRenewed,
    AgreementSigned,
    FacilityOpened,
    NeedStated,
    PartnerAppraised,
    PartnershipEvent,
    ProjectClaimed,
    ProjectEvaluated,
    ProjectListed,
    ResourceOffered,
)
from domain.partnership.pairing import Partners
from domain.person.state import Person
from domain.unit.state import Unit

AGREEMENT = Bilingual(zh="共建协议", en="agreement")
RESOURCE = Bilingual(zh="资源", en="resource")

STAGE_TITLES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "agreed": Bilingual(zh="共建中", en="agreed"),
        "ended": Bilingual(zh="已终止", en="ended"),
        "open": Bilingual(zh="待满足", en="open"),
        "closed": Bilingual(zh="已办结", en="closed"),
        "offered": Bilingual(zh="可提供", en="offered"),
        "withdrawn": Bilingual(zh="已撤回", en="withdrawn"),
        "available": Bilingual(zh="开放中", en="open to residents"),
        "shut": Bilingual(zh="已停止开放", en="no longer open to residents"),
        "listed": Bilingual(zh="待认领", en="listed and not claimed"),
        "claimed": Bilingual(zh="已认领、待完成", en="claimed and not delivered yet"),
        "delivered": Bilingual(zh="已完成、待评价", en="delivered and not evaluated yet"),
        "evaluated": Bilingual(zh="已评价", en="evaluated"),
        "dropped": Bilingual(zh="已取消", en="dropped"),
        "given": Bilingual(zh="已反馈", en="given"),
        "appraised": Bilingual(zh="已评价", en="appraised"),
    }
)
# Only partners do these: they happen while the agreement is in force.
_WITHIN = (NeedStated, ResourceOffered, FacilityOpened, ProjectListed, ProjectClaimed)
_BOUNDING = (AgreementSigned, AgreementRenewed, AgreementEnded)
# The field with the day of each; both partners have to exist on that day.
_BEGINS: Mapping[type[Event], str] = {
    AgreementSigned: "effective_from",
    AgreementRenewed: "effective_from",
    NeedStated: "stated_on",
    ResourceOffered: "offered_on",
    FacilityOpened: "effective_from",
    ProjectListed: "listed_on",
    ProjectClaimed: "claimed_on",
}


class Term(NamedTuple):
    """Days on which an agreement is in force, and its end by what was settled on these days."""

    effective_from: date
    effective_until: date | None
    in_force_until: date | None


@dataclass(frozen=True, kw_only=True)
class Partnership(SingleStagedSubject[PartnershipEvent]):
    """One partnership, with everything that was stated about it."""

    kind: ClassVar[str] = "partnership"
    what: ClassVar[Bilingual] = Bilingual(zh="共建协议", en="partnership")
    STAGES: ClassVar = stages_of(PartnershipEvent)
    STAGE_WORDS: ClassVar = STAGE_TITLES

    def titled(self, opening: Any) -> Bilingual:
        """A partnership is called by the agreement's title and the unit."""
        return Bilingual(
            zh=f"与 unit:{opening.unit} 的共建协议“{opening.title}”",
            en=f"the agreement “{opening.title}” with unit:{opening.unit}",
        )

    @property
    def community(self) -> str | None:
        """The id of the community; None for a partnership of a subdistrict."""
        opening: AgreementSigned = self.opening
        return opening.community

    def key_of(self, stated: Any) -> Partners:
        """Its partners."""
        return Partners.of(stated)

    def spans(self) -> list[DateSpan]:
        """The days on which the agreement is in force, with renewals and the early end applied."""
        return self.derived(
            "_spans", lambda: reduce(_with, (each.event for each in self.steps()), [])
        )

    def terms(self) -> Iterator[Term]:
        """The same days. A renewal moves the end once it is signed, an early end only when due."""
        course = [e for each in self.steps() if isinstance(e := each.event, _BOUNDING)]
        days = [*accumulate(map(_settled_on, course), max), None]
        none: list[DateSpan] = []
        _, *settled = accumulate(course, _with, initial=none)
        for (day, until), spans in zip(pairwise(days), settled, strict=True):
            assert day is not None, "only the last is open"
            for span in _joined(spans):
                if part := span.shared(DateSpan(day, until)):
                    yield Term(*part, span.effective_until)

    def _require_holding_on(self, day: date, spans: list[DateSpan]) -> None:
        if not any(span.holds(day) for span in spans):
            raise Refused(
                "agreement.not-holding", subject=self.called, day=day, spans=spans or None
            )

    def check(self, event: PartnershipEvent, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy knows what the event names and its place exists."""
        match event:
            case AgreementSigned():
                require_sound_bounds(event)
            case AgreementRenewed():
                require_sound_bounds(event)
            case PartnerAppraised() | ProjectEvaluated() if "rating" in fields:
                context.policy.rating(event.rating)
            case FacilityOpened() if "facility_kind" in fields:
                context.policy.facility(event.facility_kind)
            case ProjectClaimed() if fields & {"claimed_on", "due_on"}:
                require_due(event.claimed_on, event.due_on)
            case ResourceOffered() if fields & {"offered_on", "available_until"}:
                require_order(event.offered_on, event.available_until, RESOURCE)
            case _:
                pass
        if (begins := _BEGINS.get(type(event))) and fields & {begins, "unit"}:
            of = event if isinstance(event, AgreementSigned) else self.opening
            require_partners(of, getattr(event, begins), context)
        if isinstance(event, ProjectClaimed) and event.person and "person" in fields:
            context.state(Person, event.person).require_registered()
        if isinstance(event, PartnerAppraised) and fields & {"by", "appraised_on"}:
            self._require_first_appraisal(event, context)

    def grounds(self, event: PartnershipEvent) -> Iterable[str]:
        """Both partners, for events that begin something; who claims a project for one of them."""
        if isinstance(event, AgreementSigned):
            place, above = event.community, event.subdistrict
            yield f"community:{place}" if place else f"jurisdiction:{above}"
            yield f"unit:{event.unit}"
        elif type(event) in _BEGINS:
            yield from self.first_grounds()
        if isinstance(event, ProjectClaimed) and event.person:
            yield f"person:{event.person}"

    def _require_first_appraisal(self, event: PartnerAppraised, context: DecisionContext) -> None:
        span = context.policy.partnerships.appraised_per
        period = period_of(event.appraised_on, span)
        for other in self.of(PartnerAppraised):
            if (other.by, period_of(other.appraised_on, span)) == (event.by, period):
                context.breaks("partner.already-appraised", day=other.appraised_on, per=span)
                return

    def matters_resting_on(self, matter: str) -> Iterable[str]:
        """For a need, also the projects that answer it."""
        yield from super().matters_resting_on(matter)
        kind, _, id = matter.partition(":")
        if kind == "need":
            for each in self.stated:
                if isinstance(each.event, ProjectListed) and each.event.need == id:
                    yield each.matter

    def require_sound_matter(self, matter: str) -> None:
        """Also refused unless everything happens while the agreement is in force and each need of a
        project exists."""
        super().require_sound_matter(matter)
        if not matter:
            self._require_sound_course()
        for each in self.steps(matter):
            event = each.event
            if isinstance(event, _WITHIN):
                self._require_holding_on(day_of(event) or date.min, self.spans())
            if isinstance(event, ProjectListed) and not self._has_need(event):
                raise Refused(
                    "need.has-project",
                    subject=self.called,
                    entry=each.version,
                    title=event.title,
                    need=event.need,
                )

    def _has_need(self, project: ProjectListed) -> bool:
        return project.need is None or bool(self.steps(f"need:{project.need}"))

    def _require_sound_course(self) -> None:
        until: date | None = None
        spans: list[DateSpan] = []
        for each in self.steps():
            event = each.event
            if isinstance(event, AgreementRenewed):
                self._require_renewable(event, until)
            if isinstance(event, AgreementEnded):
                self._require_holding_on(event.effective_until, spans)
            if isinstance(event, _BOUNDING):
                until = event.effective_until
                spans = _with(spans, event)

    def _require_renewable(self, event: AgreementRenewed, until: date | None) -> None:
        if until is None:
            raise Refused("agreement.without-end", subject=self.called)
        if event.effective_from < until:
            raise Refused("agreement.renewed-before-end", subject=self.called, until=until)


def _with(spans: list[DateSpan], event: Event) -> list[DateSpan]:
    """The days on which the agreement is in force after one more event of its course."""
    match event:
        case AgreementSigned() | AgreementRenewed():
            return [*spans, DateSpan(event.effective_from, event.effective_until)]
        case AgreementEnded(effective_until=day):
            cut = (span.shared(DateSpan(date.min, day)) for span in spans)
            return [span for span in cut if span]
        case _:
            return spans


def _settled_on(event: AgreementSigned | AgreementRenewed | AgreementEnded) -> date:
    """The first day that such an event says something about."""
    if isinstance(event, AgreementEnded):
        return event.effective_until
    return min(event.signed_on, event.effective_from)


def _joined(spans: Iterable[DateSpan]) -> list[DateSpan]:
    """The same days, as one span where one begins on the end of the other."""
    joined: list[DateSpan] = []
    for span in spans:
        if joined and joined[-1].effective_until == span.effective_from:
            joined[-1] = joined[-1]._replace(effective_until=span.effective_until)
        else:
            joined.append(span)
    return joined


def require_partners(of: AgreementSigned, day: date, context: DecisionContext) -> None:
    """Refused unless both partners of an agreement exist on a day."""
    if of.community:
        context.state(Community, of.community).require_existing_on(day)
    elif of.subdistrict:
        subdistrict = context.state(Jurisdiction, of.subdistrict)
        subdistrict.require_on_record()
        subdistrict.require_place_for_communities(day)
    context.state(Unit, of.unit).require_existing_on(day)


def require_sound_bounds(event: AgreementSigned | AgreementRenewed) -> None:
    """Refused unless the agreement ends after it begins."""
    require_order(event.effective_from, event.effective_until, AGREEMENT)
