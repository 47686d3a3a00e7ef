"""Everything that can happen to an exemplar (典型), in the order of its life."""

from typing import Annotated

from pydantic import Field, StrictInt

from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Id, Names, PersonId, Reason, Slug, Title, TypeSlug
from domain.kernel.reservation import Reserving
from domain.kernel.step import (
    ANNULLED,
    CORRECTED,
    Annulment,
    Content,
    Correction,
    Day,
    Grounds,
    Label,
    Step,
    StepTitle,
)
from domain.kernel.text import Bilingual

Merits = Annotated[
    dict[Annotated[Slug, Names("criterion")], Reason],
    Field(min_length=1, max_length=20, description="For each criterion of the policy, in words."),
    Label("示范要点"),
]


class ExemplarNominated(Step, Event):
    """A community was nominated as an exemplar of its type, with its merits."""

    sentence = Bilingual(
        zh="{nominated_on}被推荐为{type}社区先进典型“{title}”：{merits}",
        en="Nominated on {nominated_on} as an exemplar of {type}, “{title}”: {merits}",
    )
    stage = "nominated"

    community: CommunityId
    type: TypeSlug
    title: StepTitle
    merits: Merits
    nominated_on: Day
    nominated_by: PersonId


class ExemplarDeclined(Step, Event):
    """It was decided not to designate the nominated exemplar."""

    sentence = Bilingual(
        zh="{declined_on}未予选树：{reason}", en="Not designated, {declined_on}: {reason}"
    )
    stage = "declined"

    community: CommunityId
    declined_on: Day
    reason: Grounds


class ExemplarDesignated(Step, Event):
    """The community is an exemplar of its type (培育选树)."""

    sentence = Bilingual(
        zh="{designated_on}选树为{type}社区先进典型", en="Exemplar of {type} from {designated_on}"
    )
    stage = "designated"

    community: CommunityId
    type: TypeSlug
    designated_on: Day


Audience = Annotated[StrictInt, Field(ge=1, le=1_000_000), Label("人数")]


class ExperienceShared(Step, Event):
    """The exemplar shared its experience with other communities (以点带面)."""

    sentence = Bilingual(
        zh="{shared_on}分享经验“{topic}”（人数：{audience}；社区：{reached}）",
        en="Experience shared on {shared_on}: {topic} (audience: {audience}; communities: "
        "{reached})",
    )
    stage = "shared"
    alone = True

    community: CommunityId
    shared_on: Day
    topic: Annotated[Title, Label("主题")]
    content: Content | None = None
    audience: Audience | None = None
    reached: tuple[CommunityId, ...] = ()


class ExemplarWithdrawn(Step, Event):
    """The community is no longer an exemplar."""

    sentence = Bilingual(
        zh="{withdrawn_on}不再作为先进典型：{reason}",
        en="No longer an exemplar from {withdrawn_on}: {reason}",
    )
    stage = "withdrawn"

    community: CommunityId
    withdrawn_on: Day
    reason: Grounds


class ExemplarEntryCorrected(Correction, Event):
    """An entry of this exemplar stated something wrongly."""

    sentence = CORRECTED


class ExemplarEntryAnnulled(Annulment, Event):
    """An entry of this exemplar is void from the start."""

    sentence = ANNULLED


class NominationReserved(Reserving, Event):
    """The exemplar belongs to this community in this type. Recorded after its nomination."""

    sentence = Bilingual(
        zh="登记一份{type}社区先进典型推荐；在其了结之前不得另有一份。",
        en="Nomination as an exemplar of {type} reserved; no other until declined or withdrawn.",
    )

    exemplar: Id
    community: CommunityId
    type: TypeSlug

    @property
    def holder(self) -> str:
        """The exemplar's stream."""
        return f"exemplar:{self.exemplar}"


ExemplarEvent = (
    ExemplarNominated
    | ExemplarDeclined
    | ExemplarDesignated
    | ExperienceShared
    | ExemplarWithdrawn
    | ExemplarEntryCorrected
    | ExemplarEntryAnnulled
)
