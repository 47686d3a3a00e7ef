"""How communities end, and which come from which."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.community.events.identity import Several
from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Names, Reason
from domain.kernel.text import Bilingual


class CommunityMerged(Event):
    """The community became part of another one on this day, and no longer exists."""

    sentence = Bilingual(
        zh="自{effective_from}起并入{into}（理由：{reason}）。",
        en="Merged into {into} from {effective_from} (reason: {reason}).",
    )

    into: CommunityId
    effective_from: date
    reason: Reason | None = None


class CommunityAbsorbed(Event):
    """Another community became part of this one. Recorded with its CommunityMerged."""

    sentence = Bilingual(
        zh="自{effective_from}起，{absorbed}并入本社区。",
        en="{absorbed} merged into this community from {effective_from}.",
    )

    absorbed: CommunityId
    effective_from: date


class CommunitySplit(Event):
    """Parts of the community became communities of their own on this day.

    Each part is registered in the same command. The community itself ends unless it `survives`.
    """

    sentence = Bilingual(
        zh="自{effective_from}起拆分出：{parts}（理由：{reason}）。",
        en="Split from {effective_from} into: {parts} (reason: {reason}).",
    )

    parts: Annotated[tuple[CommunityId, ...], Field(min_length=1, max_length=50)]
    survives: bool
    effective_from: date
    reason: Reason | None = None


class CommunityAbolished(Event):
    """The community no longer exists from this day on; `successors` took its area, if known."""

    sentence = Bilingual(
        zh="自{effective_from}起裁撤，承接社区：{successors}（理由：{reason}）。",
        en="Abolished from {effective_from}; succeeded by: {successors} (reason: {reason}).",
    )

    effective_from: date
    successors: Annotated[tuple[CommunityId, ...], Several] = ()
    reason: Reason | None = None


class CommunityRestored(Event):
    """The community exists again from this day on, with its last name and place."""

    sentence = Bilingual(
        zh="自{effective_from}起恢复（理由：{reason}）。",
        en="Restored from {effective_from} (reason: {reason}).",
    )

    effective_from: date
    reason: Reason | None = None


Manner = Literal["renamed", "merged", "split", "reorganised"]


class LineageJoined(Event):
    """The predecessor of the community became known after its registration.

    `effective_from` is the day on which the community began.
    """

    sentence = Bilingual(
        zh="查明来历：本社区于{effective_from}由{predecessor}而来（{manner}；理由：{reason}）。",
        en="Found to succeed {predecessor} on {effective_from} ({manner}; reason: {reason}).",
    )

    predecessor: CommunityId
    manner: Annotated[Manner, Names("manner")]
    effective_from: date
    reason: Reason


class LineageContinued(Event):
    """The successor of the community became known. Recorded with the successor's LineageJoined."""

    sentence = Bilingual(
        zh="查明去向：本社区于{effective_from}延续为{successor}（{manner}；理由：{reason}）。",
        en="Found to continue as {successor} from {effective_from} ({manner}; reason: {reason}).",
    )

    successor: CommunityId
    manner: Annotated[Manner, Names("manner")]
    effective_from: date
    reason: Reason


LineageEvent = (
    CommunityMerged
    | CommunityAbsorbed
    | CommunitySplit
    | CommunityAbolished
    | CommunityRestored
    | LineageJoined
    | LineageContinued
)
