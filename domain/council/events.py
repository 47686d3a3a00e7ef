"""Everything that can happen in a council (联席会议), in the order of its life."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Id, Names, Reason, Slug, Title, UnitId, Version
from domain.kernel.policy.parts import CalendarSpan
from domain.kernel.reservation import Reserving
from domain.kernel.text import Bilingual

CouncilSlug = Annotated[Slug, Names("council")]

SessionsMin = Annotated[int, Field(ge=1, le=100)]


# Members are units of the register. Who speaks for one is not named.
Members = Annotated[tuple[UnitId, ...], Field(max_length=200)]


class CouncilFounded(Event):
    """A council was founded in a community, with its members and its cadence."""

    sentence = Bilingual(
        zh="{founded_on}建立“{title}”（{council_kind}）。",
        en="{title} ({council_kind}) founded on {founded_on}.",
    )

    community: CommunityId
    title: Title
    council_kind: CouncilSlug
    founded_on: date
    sessions_min: SessionsMin
    per: CalendarSpan
    members: Members


class CouncilMemberJoined(Event):
    """A unit is a member of the council from this day on."""

    sentence = Bilingual(
        zh="{member}自{joined_on}起加入“{council_title}”。",
        en="{member} a member of {council_title} from {joined_on}.",
    )

    community: CommunityId
    council_title: Title
    member: UnitId
    joined_on: date


class CouncilMemberLeft(Event):
    """A unit is no longer a member of the council from this day on."""

    sentence = Bilingual(
        zh="{member}自{left_on}起退出“{council_title}”（理由：{reason}）。",
        en="{member} no longer a member of {council_title} from {left_on} (reason: {reason}).",
    )

    community: CommunityId
    council_title: Title
    member: UnitId
    left_on: date
    reason: Reason


class CouncilDissolved(Event):
    """The council no longer exists from this day on."""

    sentence = Bilingual(
        zh="“{council_title}”自{dissolved_on}起撤销设置（理由：{reason}）。",
        en="{council_title} dissolved on {dissolved_on} (reason: {reason}).",
    )

    community: CommunityId
    council_title: Title
    dissolved_on: date
    reason: Reason


class MembershipAnnulled(Event):
    """The named entry, by which a member joined or left, is void from the start."""

    sentence = Bilingual(
        zh="撤销“{council_title}”成员变动的{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} on the members of {council_title} annulled, void from the start "
        "(reason: {reason}).",
    )

    community: CommunityId
    council_title: Title
    annuls: Version
    reason: Reason


class SessionConvened(Event):
    """The members were called to a session."""

    sentence = Bilingual(
        zh="{noticed_on}通知于{scheduled_on}召开“{council_title}”会议。",
        en="A session of {council_title} convened on {noticed_on} for {scheduled_on}.",
    )

    community: CommunityId
    council_title: Title
    session: Id
    noticed_on: date
    scheduled_on: date
    place: Title | None = None


Agenda = Annotated[tuple[Title, ...], Field(min_length=1, max_length=50)]


class AgendaSet(Event):
    """The agenda of the session was set."""

    sentence = Bilingual(
        zh="确定“{council_title}”{scheduled_on}会议的议程：{agenda}。",
        en="Agenda of the session of {council_title} on {scheduled_on}: {agenda}.",
    )
    proposes = True

    community: CommunityId
    council_title: Title
    session: Id
    scheduled_on: date
    agenda: Agenda


Observers = Annotated[
    tuple[Title, ...],
    Field(max_length=200, description="Who attends without a vote (列席), as the minutes say it."),
]


class SessionHeld(Event):
    """The session took place. Members on neither list were absent without excuse."""

    sentence = Bilingual(
        zh="{held_on}召开“{council_title}”会议（到会：{present}；请假：{excused}；列席：{observers}）。",
        en="Session of {council_title} held on {held_on} (present: {present}; excused: {excused}; "
        "observers: {observers}).",
    )

    community: CommunityId
    council_title: Title
    session: Id
    held_on: date
    present: Members
    excused: Members = ()
    observers: Observers = ()


class SessionCorrected(Event):
    """The named entry was mistaken: this is the session's day and attendance."""

    sentence = Bilingual(
        zh="更正{corrects}：“{council_title}”会议于{held_on}召开"
        "（到会：{present}；请假：{excused}；列席：{observers}；理由：{reason}）。",
        en="Entry {corrects} corrected: the session of {council_title} was held on {held_on} "
        "(present: {present}; excused: {excused}; observers: {observers}; reason: {reason}).",
    )

    community: CommunityId
    council_title: Title
    session: Id
    corrects: Version
    held_on: date
    present: Members
    excused: Members = ()
    observers: Observers = ()
    reason: Reason


class SessionCancelled(Event):
    """The convened session will not take place."""

    sentence = Bilingual(
        zh="{cancelled_on}取消“{council_title}”原定{scheduled_on}的会议（理由：{reason}）。",
        en="Session of {council_title} on {scheduled_on} cancelled on {cancelled_on} (reason: "
        "{reason}).",
    )

    community: CommunityId
    council_title: Title
    session: Id
    cancelled_on: date
    scheduled_on: date
    reason: Reason


# At three bytes each in Chinese, an entry with its envelope stays below 64 KiB.
Minutes = Annotated[str, Field(min_length=1, max_length=18_000, pattern=r"^\S([\s\S]*\S)?$")]


class MinutesRecorded(Event):
    """The minutes of a session (会议纪要). This version never changes."""

    sentence = Bilingual(
        zh="{recorded_on}形成“{council_title}”{held_on}会议的纪要。",
        en="Minutes of the session of {council_title} on {held_on} recorded on {recorded_on}.",
    )

    community: CommunityId
    council_title: Title
    session: Id
    recorded_on: date
    held_on: date
    text: Minutes


VERSIONS_MAX = 50


class MinutesAmended(Event):
    """A new version of the minutes, kept beside the earlier ones."""

    sentence = Bilingual(
        zh="{amended_on}补正“{council_title}”{held_on}会议的纪要（第{number}稿；理由：{reason}）。",
        en="Minutes of the session of {council_title} on {held_on} amended on {amended_on} "
        "(version {number}; reason: {reason}).",
    )

    community: CommunityId
    council_title: Title
    session: Id
    amended_on: date
    held_on: date
    number: int = Field(ge=2, le=VERSIONS_MAX)
    text: Minutes
    reason: Reason


class ResolutionAdopted(Event):
    """The session adopted a resolution, with the tasks that follow from it."""

    sentence = Bilingual(
        zh="{adopted_on}“{council_title}”会议形成决议：{text}",
        en="{council_title} resolved on {adopted_on}: {text}",
    )

    community: CommunityId
    council_title: Title
    session: Id
    resolution: Id
    adopted_on: date
    text: Reason
    tasks: tuple[Id, ...] = ()


class ResolutionAnnulled(Event):
    """The resolution is void from the start (撤销); its open tasks are cancelled with it."""

    sentence = Bilingual(
        zh="{annulled_on}撤销“{council_title}”的决议，自始无效（理由：{reason}）：{text}",
        en="Resolution of {council_title} annulled on {annulled_on}, void from the start (reason: "
        "{reason}): {text}",
    )

    community: CommunityId
    council_title: Title
    session: Id
    resolution: Id
    annulled_on: date
    text: Reason
    reason: Reason


CouncilEntryKind = Literal["founding", "dissolution", "convening", "holding", "cancelling"]


class CouncilEntryAnnulled(Event):
    """The named entry, which founded or dissolved the council, or convened, held or cancelled a
    session, is void from the start. A session that was held or cancelled is then convened again.
    """

    sentence = Bilingual(
        zh="撤销“{council_title}”的{annuls}，自始无效。理由：{reason}",
        en="Entry {annuls} of {council_title} annulled, void from the start: {reason}",
    )

    community: CommunityId
    council_title: Title
    annuls: Version
    stated: CouncilEntryKind
    session: Id | None = None
    reason: Reason


class CouncilReserved(Reserving, Event):
    """The name belongs to the council. Recorded after its founding, on the stream of the name."""

    sentence = Bilingual(
        zh="登记一个名为“{title}”的{council_kind}；同一日不得另有一个。",
        en="The name {title} is reserved for one {council_kind} on the same days.",
    )

    council: Id
    community: CommunityId
    council_kind: CouncilSlug
    title: Title

    @property
    def holder(self) -> str:
        """The council's stream."""
        return f"council:{self.council}"


MembershipEvent = (
    CouncilFounded | CouncilMemberJoined | CouncilMemberLeft | CouncilDissolved | MembershipAnnulled
)

CouncilEvent = (
    MembershipEvent
    | SessionConvened
    | AgendaSet
    | SessionHeld
    | SessionCorrected
    | SessionCancelled
    | MinutesRecorded
    | MinutesAmended
    | ResolutionAdopted
    | ResolutionAnnulled
    | CouncilEntryAnnulled
)
