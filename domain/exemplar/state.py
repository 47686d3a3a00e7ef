"""What an exemplar is, by all that was stated of it."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from domain.community.state import Community
from domain.exemplar.candidacy import Candidacy
from domain.exemplar.events import (
    ExemplarDeclined,
    ExemplarDesignated,
    ExemplarNominated,
    ExemplarWithdrawn,
    ExperienceShared,
)
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event
from domain.kernel.refusal import Refused
from domain.kernel.reservation import SingleStagedSubject
from domain.kernel.staged_subject import day_of
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.policy import called, offered

STAGES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "nominated": Bilingual(zh="待选树", en="nominated and not decided yet"),
        "declined": Bilingual(zh="未予选树", en="declined"),
        "designated": Bilingual(zh="先进典型", en="designated"),
        "withdrawn": Bilingual(zh="已撤出", en="withdrawn"),
        "shared": Bilingual(zh="已分享", en="shared"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Exemplar(SingleStagedSubject):
    """One exemplar, with everything ever stated about it."""

    kind: ClassVar[str] = "exemplar"
    what: ClassVar[Bilingual] = Bilingual(zh="典型", en="exemplar")
    ALONE: ClassVar = frozenset({ExperienceShared})
    STAGE_WORDS: ClassVar = STAGES
    STAGES: ClassVar[Mapping[type[Event], str]] = {
        ExemplarNominated: "nominated",
        ExemplarDeclined: "declined",
        ExemplarDesignated: "designated",
        ExperienceShared: "shared",
        ExemplarWithdrawn: "withdrawn",
    }

    def titled(self, opening: Any) -> Bilingual:
        """By the title under which it was nominated."""
        return Bilingual(zh=f"典型“{opening.title}”", en=f"the exemplar “{opening.title}”")

    @property
    def community(self) -> str:
        """The community that is the exemplar."""
        opening: ExemplarNominated = self.opening
        return opening.community

    def key_of(self, stated: Any) -> Candidacy:
        """The community, and the type in which it was nominated."""
        return Candidacy.of(stated)

    def spans(self) -> list[DateSpan]:
        """The days from the nomination until it was declined, or the exemplar withdrawn."""
        opening: ExemplarNominated = self.opening
        over = [day_of(e) for e in self.of(ExemplarDeclined, ExemplarWithdrawn)]
        return [DateSpan(opening.nominated_on, over[0] if over else None)]

    def check(self, event: Any, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy, and the communities on that day, allow what it states."""
        match event:
            case ExemplarNominated(nominated_on=day):
                if "merits" in fields:
                    require_every_merit(event, context)
                if "nominated_on" in fields:
                    require_type(event, day, context)
            case ExemplarDesignated(designated_on=day):
                if "designated_on" in fields:
                    require_type(event, day, context)
            case ExperienceShared(shared_on=day):
                if "shared_on" in fields:
                    for reached in event.reached:
                        context.state(Community, reached).require_standing_on(day)
            case _:
                pass

    def grounds(self, event: Any) -> Iterable[str]:
        """The community whose type matters, or those that its experience reached."""
        if isinstance(event, ExemplarNominated | ExemplarDesignated):
            yield f"community:{event.community}"
        elif isinstance(event, ExperienceShared):
            yield from (f"community:{each}" for each in event.reached)

    def require_sound(self) -> None:
        """Refused unless all that stands agrees: experience is shared by whoever is an exemplar."""
        super().require_sound()
        begin, end = (self.of(kind) for kind in (ExemplarDesignated, ExemplarWithdrawn))
        for shared in self.of(ExperienceShared):
            day = day_of(shared)
            if (
                not begin
                or (day and day < begin[0].designated_on)
                or (end and day and day > end[0].withdrawn_on)
            ):
                raise Refused("experience.outside-designation", day=day)


def require_type(
    event: ExemplarNominated | ExemplarDesignated, day: date, context: DecisionContext
) -> None:
    """Refused unless the community is on that day of the type in which it was nominated."""
    community = context.state(Community, event.community)
    community.require_standing_on(day)
    if (type := community.require_type_on(day)) != event.type:
        raise Refused(
            "exemplar.of-another-type",
            community=community.title,
            nominated=called("type", event.type),
            type=called("type", type),
            day=day,
        )


def require_every_merit(event: ExemplarNominated, context: DecisionContext) -> None:
    """Refused unless the nomination says how the community meets each of the policy's criteria."""
    criteria = {each.code: each.title for each in context.policy.exemplars.criteria}
    if unknown := [code for code in event.merits if code not in criteria]:
        raise Refused(
            "nomination.criterion-unknown",
            policy=context.policy.version,
            criterion=unknown[0],
            criteria=offered("criterion", [*criteria]),
        )
    if missing := [code for code in criteria if code not in event.merits]:
        raise Refused(
            "nomination.criteria-missing",
            missing=[criteria[code] for code in missing],
            codes=missing,
        )
