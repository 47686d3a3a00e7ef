"""Which policy is in force on which day."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.adoption.events import AdoptionEvent, PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Timeline
from domain.policy import Edition, Policy, built_in


class Adoption(NamedTuple):
    """The policy file that was put in force: its version, and its content by digest."""

    version: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Adopted(Subject):
    """Which policy is in force on which day."""

    kind: ClassVar[str] = "policy"
    single: ClassVar[bool] = True
    what: ClassVar[Bilingual] = Bilingual(zh="施行的政策", en="policy in force")

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


def edition(version: str) -> Edition:
    """The policy file of a version, with its digest; NotOnRecord when the product has none."""
    if version not in built_in():
        known = sorted(built_in())
        raise NotOnRecord(
            f"There is no policy file of version {version}; choose one of {', '.join(known)}.",
            f"没有 {version} 版的政策文件；请从中选择：{'、'.join(known)}。",
        )
    return built_in()[version]
