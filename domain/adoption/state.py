"""Which policy is in force on which day."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.adoption.events import AdoptionEvent, PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.kernel.policy import Edition, Policy, built_in
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Timeline

DIGEST_SHOWN = 12  # characters of a digest, enough to tell files apart


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
        """The policy in force on a day; Refused when there is none, or its file has changed."""
        adoption = self.adoptions.on(day)
        if adoption is None:
            raise Refused("policy.none-in-force", day=day)
        policy, digest = edition(adoption.version)
        if digest != adoption.digest:
            raise Refused(
                "policy.file-changed",
                policy=adoption.version,
                digest=digest[:DIGEST_SHOWN],
                adopted=adoption.digest[:DIGEST_SHOWN],
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
                # The adoption recorded before it has already changed the timeline.
                return self
            case PolicyRepealed():
                adoptions = self.adoptions.change(event.effective_until, None, version=self.version)
                return changed(self, adoptions=adoptions)
            case _:
                assert_never(event)


def edition(version: str) -> Edition:
    """The policy file of a version, with its digest; NotOnRecord when the product has none."""
    if version not in built_in():
        raise NotOnRecord("policy.no-file", policy=version, known=sorted(built_in()))
    return built_in()[version]
