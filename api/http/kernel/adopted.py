"""The policy of a day, as known at a position."""

from datetime import date

from domain.adoption.state import Adopted
from domain.kernel.policy import Policy, edition_called, edition_of
from record.store.record import Record


def adopted_as_known(record: Record, known: int | None) -> Adopted:
    """The city's adoptions, as known at a position or now."""
    adopted = record.adopted()
    if known is None:
        return adopted
    entries = record.history("policy")
    return Adopted(id="policy").fold(e.event for e in entries if e.position <= known)


def policy_on(record: Record, day: date, *, known: int | None = None) -> Policy | None:
    """The policy in force on a day, for titles only; None if there is none.

    Its file may have changed since: for anything derived from it, use `policy_asked`.
    """
    adoption = adopted_as_known(record, known).adoptions.on(day)
    found = edition_of(adoption.digest) or edition_called(adoption.version) if adoption else None
    return found.policy if found else None
