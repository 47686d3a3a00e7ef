"""Separation of duties: who decides did not propose, who verifies did not do the work.

A command declares from what it is apart; the decision loop looks at the state's own people. It is
by person, and nobody evades it in another's place: both the one who acts and the one in whose place
they act are compared. That who grants authority does not govern is said in `permission`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.kernel.context import DecisionContext
from domain.kernel.permission import Permission
from domain.kernel.refusal import NotAuthorised
from domain.kernel.scope import Grantee, grants_of
from domain.kernel.text import Bilingual


@dataclass(frozen=True)
class Apart:
    """What nobody does who did something else before.

    `did` completes the sentence *nobody may who …*; `who` gives the people who did it, from the
    command, the state and the context.
    """

    code: str
    did: Bilingual
    who: Callable[[Any, Any, DecisionContext], Iterable[str]]

    def require(
        self, command: Any, state: Any, context: DecisionContext, permission: Permission
    ) -> None:
        """NotAuthorised for somebody who did it, or who acts in the place of one who did."""
        did = set(self.who(command, state, context))
        for person in people(context):
            if person in did:
                raise NotAuthorised(self.code, person=f"person:{person}", doing=permission.doing)


def people(context: DecisionContext) -> tuple[str, ...]:
    """Who acts, and the person in whose place they act, if any."""
    person = context.by.actor.person
    for stream in grants_of(context.by):
        held = context.consulted[stream]
        assert isinstance(held, Grantee)
        if absent := held.in_place_of(context.by.authority):
            return person, absent
    return (person,)
