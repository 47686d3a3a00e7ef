"""Which policy is in force on which day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.adoption.events import AdoptionEvent, PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.kernel.policy import Edition, Policy, built_in, edition_of, unreadable
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Timeline

DIGEST_SHOWN = 12  # characters of a digest, enough to tell files apart
NO_VERSIONS: Mapping[str, frozenset[str]] = MappingProxyType({})


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
    # The digests adopted as each version.
    versions: Mapping[str, frozenset[str]] = field(default_factory=lambda: NO_VERSIONS)

    @property
    def digests(self) -> frozenset[str]:
        """The files that were ever adopted."""
        return frozenset().union(*self.versions.values())

    @property
    def last_adopted_from(self) -> date | None:
        """The latest day from which a policy was adopted."""
        return max(
            (each.effective_from for each in self.adoptions.stated() if each.value), default=None
        )

    def edition(self, version: str) -> Edition | None:
        """The file of this version that was adopted last, if this process knows it."""
        adoptions = [each.value for each in self.adoptions.stated() if each.value]
        for each in reversed(adoptions):
            if each.version == version and (found := edition_of(each.digest)):
                return found
        return None

    def is_readable(self, day: date) -> bool:
        """Whether a policy is in force on a day, and its file is known."""
        adoption = self.adoptions.on(day)
        return adoption is not None and edition_of(adoption.digest) is not None

    def in_force(self, day: date) -> Policy:
        """The policy in force on a day: the one place that says which. Refused when there is none,
        or this version of the product has no such file, or cannot read it."""
        adoption = self.adoptions.on(day)
        if adoption is None:
            raise Refused("policy.none-in-force", day=day)
        if found := edition_of(adoption.digest):
            return found.policy
        shown = adoption.digest[:DIGEST_SHOWN]
        if wrong := unreadable(adoption.digest):
            raise Refused(
                "policy.file-unreadable",
                policy=adoption.version,
                digest=shown,
                fault=wrong.faults[0].what,
            )
        if other := built_in().get(adoption.version):
            raise Refused(
                "policy.file-changed",
                policy=adoption.version,
                digest=other.digest[:DIGEST_SHOWN],
                adopted=shown,
            )
        raise NotOnRecord("policy.no-file", policy=adoption.version, known=sorted(built_in()))

    def evolve(self, event: AdoptionEvent) -> Self:
        """The state after one more event."""
        match event:
            case PolicyAdopted():
                adoptions = self.adoptions.change(
                    event.effective_from,
                    Adoption(event.version, event.digest),
                    version=self.version,
                )
                known = self.versions.get(event.version, frozenset()) | {event.digest}
                versions = MappingProxyType({**self.versions, event.version: known})
                return changed(self, adoptions=adoptions, versions=versions)
            case PolicySuperseded():
                # The adoption recorded before it has already changed the timeline.
                return self
            case PolicyRepealed():
                adoptions = self.adoptions.change(event.effective_until, None, version=self.version)
                return changed(self, adoptions=adoptions)
            case _:
                assert_never(event)
