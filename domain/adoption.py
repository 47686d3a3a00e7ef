"""Which policy the city works under, and since when. What a policy says is in its file."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.command import Command
from domain.event import Event, On
from domain.ids import Digest, PolicyVersion, Reason
from domain.occasion import Occasion
from domain.policy import Edition, Policy, built_in
from domain.refusals import NotOnRecord, Refused
from domain.subject import Subject, changed
from domain.timeline import EMPTY, Timeline
from domain.words import Words


class PolicyAdopted(Event):
    """The policy file with this digest is in force from this day on."""

    sentence = Words(
        zh="自{effective_from}起施行《{title}》（{version} 版）。",
        en="{title} (version {version}) in force from {effective_from}.",
    )

    version: PolicyVersion
    title: Words
    digest: Digest
    effective_from: date


class PolicySuperseded(Event):
    """The policy gives way to another on this day; recorded behind the adoption that does it."""

    sentence = Words(
        zh="{version} 版自{effective_until}起由 {by} 版取代。",
        en="Version {version} superseded by version {by} on {effective_until}.",
    )

    version: PolicyVersion
    by: PolicyVersion
    effective_until: date


class PolicyRepealed(Event):
    """The policy is in force no longer from this day on, and nothing has taken its place (废止)."""

    sentence = Words(
        zh="{version} 版自{effective_until}起废止（理由：{reason}）。",
        en="Version {version} repealed from {effective_until} (reason: {reason}).",
    )

    version: PolicyVersion
    effective_until: date
    reason: Reason


AdoptionEvent = PolicyAdopted | PolicySuperseded | PolicyRepealed


class Adoption(NamedTuple):
    """The policy file that was put in force: its version, and its content by digest."""

    version: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Adopted(Subject):
    """Which policy is in force on which day."""

    kind: ClassVar[str] = "policy"
    what: ClassVar[Words] = Words(zh="施行的政策", en="policy in force")

    adoptions: Timeline[Adoption] = EMPTY

    def in_force(self, day: date) -> Policy:
        """The policy in force on a day; Refused when there is none, or its file is another now."""
        adoption = self.adoptions.on(day)
        if adoption is None:
            raise Refused(
                f"No policy is in force on {day}; adopt one first.",
                f"{day} 没有施行中的政策；请先施行一项政策。",
            )
        policy, digest = edition(adoption.version)
        if digest != adoption.digest:
            raise Refused(
                f"The file of policy {adoption.version} that comes with this Annals (sha256 "
                f"{digest[:12]}) is not the one that the city adopted ({adoption.digest[:12]}); "
                "use the Annals that has that file, or adopt the changed one.",
                f"本系统所带的 {adoption.version} 版政策文件（sha256 {digest[:12]}）"
                f"并非本市施行的那一份（{adoption.digest[:12]}）；"
                "请改用带有原文件的版本，或重新施行更改后的文件。",
            )
        return policy

    def evolve(self, event: AdoptionEvent) -> Self:
        """The state after one more event."""
        match event:
            case PolicyAdopted():
                adoptions = self.adoptions.change(
                    event.effective_from,
                    Adoption(event.version, event.digest),
                    version=self.version,
                )
                return changed(self, adoptions=adoptions)
            case PolicySuperseded():
                # The adoption that it follows has changed the timeline already.
                return self
            case PolicyRepealed():
                adoptions = self.adoptions.change(event.effective_until, None, version=self.version)
                return changed(self, adoptions=adoptions)
            case _:
                assert_never(event)


class AdoptPolicy(Command[Adopted]):
    """Put a policy in force from a day on; whichever was in force gives way to it.

    `policy` is the version of a policy file that comes with the product. A file that was changed
    since its adoption is adopted again.
    """

    policy: PolicyVersion
    effective_from: date

    def decide(self, state: Adopted, occasion: Occasion) -> list[Event | On]:
        """Adopted, with what is superseded by it and what supersedes it later."""
        day = self.effective_from
        before, after = state.adoptions.on(day), state.adoptions.after(day)
        adopting = adopted(self.policy, day)
        if before == (adopting.version, adopting.digest):
            raise Refused(
                f"Version {self.policy} is in force on {day} already; there is nothing to adopt.",
                f"{self.policy} 版在 {day} 已在施行，无需再次施行。",
            )
        events: list[Event | On] = [adopting]
        if before and before.version != self.policy:
            events.append(
                PolicySuperseded(version=before.version, by=self.policy, effective_until=day)
            )
        if after and after.value and after.value.version != self.policy:
            events.append(
                PolicySuperseded(
                    version=self.policy,
                    by=after.value.version,
                    effective_until=after.effective_from,
                )
            )
        return events


class RepealPolicy(Command[Adopted]):
    """Repeal a policy without another in its place. To replace one, adopt the other."""

    policy: PolicyVersion
    effective_until: date
    reason: Reason

    def decide(self, state: Adopted, occasion: Occasion) -> list[Event | On]:
        """Repealed."""
        in_force = state.adoptions.on(self.effective_until)
        if in_force is None or in_force.version != self.policy:
            raise Refused(
                f"Version {self.policy} is not in force on {self.effective_until}; "
                "name the version and a day on which it would still be in force.",
                f"{self.policy} 版在 {self.effective_until} 并未施行；"
                "请指明施行中的版本及其仍在施行的日期。",
            )
        return [
            PolicyRepealed(
                version=self.policy, effective_until=self.effective_until, reason=self.reason
            )
        ]


def edition(version: str) -> Edition:
    """The policy file of a version, with its digest; NotOnRecord when the product has none."""
    if version not in built_in():
        known = sorted(built_in())
        raise NotOnRecord(
            f"There is no policy file of version {version}; choose one of {', '.join(known)}.",
            f"没有 {version} 版的政策文件；请从中选择：{'、'.join(known)}。",
        )
    return built_in()[version]


def adopted(version: str, effective_from: date) -> PolicyAdopted:
    """The adoption of a policy file of the product."""
    policy, digest = edition(version)
    return PolicyAdopted(
        version=version, title=policy.title, digest=digest, effective_from=effective_from
    )
