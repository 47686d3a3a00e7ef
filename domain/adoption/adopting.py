"""Adopt and repeal policies. What a policy says is in its file."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.adoption.events import PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.adoption.state import Adopted
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import PolicyVersion, Reason
from domain.kernel.permission import Permission
from domain.kernel.policy import Edition, built_in, policy_digest, read_policy
from domain.kernel.policy.bounds import FILE_BYTES_MAX
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.text import Bilingual

ADOPT = Permission(
    "policies.may_adopt",
    doing=Bilingual(zh="施行或废止政策", en="adopt or repeal a policy"),
    always=("arbiter",),
)
DRAFT = Permission(
    "policies.may_draft",
    doing=Bilingual(zh="检查、比较或试用政策草案", en="check, compare or try a draft policy"),
)
PolicyText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=FILE_BYTES_MAX,
        description="The policy file (TOML) as it is, with its comments.",
    ),
]


class AdoptPolicy(Command[Adopted]):
    """Put a policy in force from a day on; it supersedes the one that was in force.

    `policy` is the version of a policy file that comes with the product, or that the city brought
    earlier. A file of the product that was changed since its adoption can be adopted again.
    """

    permission: ClassVar[Permission] = ADOPT

    policy: PolicyVersion
    effective_from: date

    def roles(self, state: Adopted, context: DecisionContext) -> Iterable[str]:
        """Those whom the policy in force names."""
        return adopters(state, context)

    def edition(self, state: Adopted) -> Edition:
        """The product's file of this version, or else the city's."""
        return product_edition(self.policy, state)

    def decide(self, state: Adopted, context: DecisionContext) -> list[Event | StreamEvent]:
        return put_in_force(self.edition(state), self.effective_from, state)


class AdoptPolicyFile(Command[Adopted]):
    """Put a policy file that the city brings in force from a day on: today, earlier or later, but
    not before the last adoption.

    The file is kept on record under its digest, as it is. It has a version of its own.
    """

    permission: ClassVar[Permission] = ADOPT

    file: PolicyText
    effective_from: date

    def roles(self, state: Adopted, context: DecisionContext) -> Iterable[str]:
        """Those whom the policy in force names."""
        return adopters(state, context)

    def edition(self, state: Adopted) -> Edition:
        """The file; PolicyFileWrong with every fault, Refused if its version is another file's."""
        edition = Edition(read_policy(self.file), policy_digest(self.file), self.file)
        version = edition.policy.version
        taken = {each.digest for each in built_in().values() if each.policy.version == version}
        if (taken | state.versions.get(version, frozenset())) - {edition.digest}:
            raise Refused("policy.version-taken", policy=version)
        last = state.last_adopted_from
        if last is not None and self.effective_from < last:
            raise Refused("policy.before-last-adoption", day=self.effective_from, last=last)
        return edition

    def decide(self, state: Adopted, context: DecisionContext) -> list[Event | StreamEvent]:
        return put_in_force(self.edition(state), self.effective_from, state)


class RepealPolicy(Command[Adopted]):
    """Repeal a policy without another in its place. To replace one, adopt the other."""

    permission: ClassVar[Permission] = ADOPT

    policy: PolicyVersion
    effective_until: date
    reason: Reason

    def decide(self, state: Adopted, context: DecisionContext) -> list[Event | StreamEvent]:
        in_force = state.adoptions.on(self.effective_until)
        if in_force is None or in_force.version != self.policy:
            raise Refused("policy.not-in-force", policy=self.policy, day=self.effective_until)
        return [
            PolicyRepealed(
                version=self.policy, effective_until=self.effective_until, reason=self.reason
            )
        ]


def adopters(state: Adopted, context: DecisionContext) -> Iterable[str]:
    """The roles that may adopt: those that the policy in force names, never the one to adopt."""
    return ADOPT.roles(context.policy) if state.is_readable(context.today) else ADOPT.always


def put_in_force(edition: Edition, day: date, state: Adopted) -> list[Event | StreamEvent]:
    """The adoption, with the policy that it supersedes and the one that supersedes it later."""
    version = edition.policy.version
    before, after = state.adoptions.on(day), state.adoptions.after(day)
    if before == (version, edition.digest):
        raise Refused("policy.in-force-already", policy=version, day=day)
    events: list[Event | StreamEvent] = [adopted(edition, day)]
    if before and before.version != version:
        events.append(PolicySuperseded(version=before.version, by=version, effective_until=day))
    if after and after.value and after.value.version != version:
        events.append(
            PolicySuperseded(
                version=version, by=after.value.version, effective_until=after.effective_from
            )
        )
    return events


def product_edition(version: str, state: Adopted) -> Edition:
    """The product's file of a version, or else the one that the city adopted; NotOnRecord when
    there is none."""
    if (found := built_in().get(version) or state.edition(version)) is None:
        known = sorted({*built_in(), *state.versions})
        raise NotOnRecord("policy.no-file", policy=version, known=known)
    return found


def adopted(edition: Edition, effective_from: date) -> PolicyAdopted:
    """The adoption of a policy file."""
    policy = edition.policy
    return PolicyAdopted(
        version=policy.version,
        title=policy.title,
        digest=edition.digest,
        effective_from=effective_from,
    )
