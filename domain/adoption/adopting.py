"""Adopt and repeal policies. What a policy says is in its file."""

from datetime import date
from typing import ClassVar

from domain.adoption.events import PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.adoption.state import Adopted, edition
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import PolicyVersion, Reason
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

ADOPT = Permission(
    doing=Bilingual(zh="施行或废止政策", en="adopt or repeal a policy"), always=("arbiter",)
)


class AdoptPolicy(Command[Adopted]):
    """Put a policy in force from a day on; it supersedes the one that was in force.

    `policy` is the version of a policy file that comes with the product. A file that was changed
    since its adoption has to be adopted again.
    """

    permission: ClassVar[Permission] = ADOPT

    policy: PolicyVersion
    effective_from: date

    def decide(self, state: Adopted, context: DecisionContext) -> list[Event | StreamEvent]:
        """The adoption, with the policy that it supersedes and the one that supersedes it later."""
        day = self.effective_from
        before, after = state.adoptions.on(day), state.adoptions.after(day)
        adopting = adopted(self.policy, day)
        if before == (adopting.version, adopting.digest):
            raise Refused("policy.in-force-already", policy=self.policy, day=day)
        events: list[Event | StreamEvent] = [adopting]
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


def adopted(version: str, effective_from: date) -> PolicyAdopted:
    """The adoption of a policy file of the product."""
    policy, digest = edition(version)
    return PolicyAdopted(
        version=version, title=policy.title, digest=digest, effective_from=effective_from
    )
