"""The state of an exemplar."""

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
    ExemplarEvent,
    ExemplarNominated,
    ExemplarWithdrawn,
    ExperienceShared,
)
from domain.kernel.context import DecisionContext
from domain.kernel.policy import called, offered
from domain.kernel.refusal import Refused
from domain.kernel.reservation import SingleStagedSubject
from domain.kernel.step import day_of, stages_of
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan

STAGE_TITLES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "nominated": Bilingual(zh="待选树", en="nominated and not decided yet"),
        "declined": Bilingual(zh="未予选树", en="declined"),
        "designated": Bilingual(zh="先进典型", en="designated"),
        "withdrawn": Bilingual(zh="已撤出", en="withdrawn"),
        "shared": Bilingual(zh="已分享", en="shared"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Exemplar(SingleStagedSubject[ExemplarEvent]):
    """One exemplar, with everything that was stated about it."""

    kind: ClassVar[str] = "exemplar"
    what: ClassVar[Bilingual] = Bilingual(zh="典型", en="exemplar")
    STAGES: ClassVar = stages_of(ExemplarEvent)
    STAGE_WORDS: ClassVar = STAGE_TITLES

    def titled(self, opening: Any) -> Bilingual:
        """An exemplar is called by the title of its nomination."""
        return Bilingual(zh=f"典型“{opening.title}”", en=f"the exemplar “{opening.title}”")

    @property
    def community(self) -> str:
        """The id of the community."""
        opening: ExemplarNominated = self.opening
        return opening.community

    def key_of(self, stated: Any) -> Candidacy:
        """The community, and the type in which it was nominated."""
        return Candidacy.of(stated)

    def spans(self) -> list[DateSpan]:
        """The days from the nomination until it was declined or withdrawn."""
        opening: ExemplarNominated = self.opening
        over = [day_of(e) for e in self.of(ExemplarDeclined, ExemplarWithdrawn)]
        return [DateSpan(opening.nominated_on, over[0] if over else None)]

    def check(self, event: ExemplarEvent, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy and the communities on that day allow what it states."""
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
                        context.state(Community, reached).require_existing_on(day)
            case _:
                pass

    def grounds(self, event: ExemplarEvent) -> Iterable[str]:
        """The community, for its type, or the communities that the experience reached."""
        if isinstance(event, ExemplarNominated | ExemplarDesignated):
            yield f"community:{event.community}"
        elif isinstance(event, ExperienceShared):
            yield from (f"community:{each}" for each in event.reached)

    def require_sound_matter(self, matter: str) -> None:
        """Also refused if experience was shared while the community was not an exemplar."""
        super().require_sound_matter(matter)
        for each in self.steps(matter):
            if isinstance(each.event, ExperienceShared):
                day = each.event.shared_on
                if not self._was_designated_on(day):
                    raise Refused("experience.outside-designation", day=day)

    def _was_designated_on(self, day: date) -> bool:
        days = {type(each.event): day_of(each.event) for each in self.steps()}
        begin, end = days.get(ExemplarDesignated), days.get(ExemplarWithdrawn)
        return begin is not None and begin <= day and (end is None or day <= end)


def require_type(
    event: ExemplarNominated | ExemplarDesignated, day: date, context: DecisionContext
) -> None:
    """Refused unless the community on that day is of the type in which it was nominated."""
    community = context.state(Community, event.community)
    community.require_existing_on(day)
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
