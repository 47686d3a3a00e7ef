"""Corrections and annulments of a staged subject's entries."""

from datetime import date
from typing import TypeVar

from domain.kernel.context import DecisionContext
from domain.kernel.event import Event
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.staged_subject import StagedSubject, Stated, require_not_ahead
from domain.kernel.stated import require_sound
from domain.kernel.step import (
    Annulment,
    Correction,
    as_it_should_read,
    correctable,
    labels,
)
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual

E = TypeVar("E", bound=Event)


def correcting(state: StagedSubject[E], correction: Event, context: DecisionContext) -> list[Event]:
    """The correction. Refused unless it changes an entry in force, and everything in force still
    agrees afterwards."""
    assert isinstance(correction, Correction)
    was = _holding(state, correction.corrects)
    _require_correctable(state, was, correction)
    becomes = as_it_should_read(was.event, correction.changes)
    _require_sound(becomes, correction, context)
    if implied := state.implied(was.event, becomes):
        changes = {**correction.changes, **implied}
        correction = correction.model_copy(update={"changes": changes})
        becomes = as_it_should_read(was.event, changes)
    if becomes == was.event:
        raise Refused("correction.without-change", subject=state.called, entry=was.version)
    require_not_ahead(becomes, context)
    others = tuple(each for each in state.stated if each is not was)
    fields = {name for name, value in becomes if value != getattr(was.event, name)}
    changed(state, stated=others).check(becomes, context, fields)
    state.fold([correction]).require_sound_since(was.matter)
    if was is state.steps(was.matter)[0]:
        state.require_not_repeated(becomes, others)
    return [correction]


def annulling(state: StagedSubject[E], annulment: Event) -> list[Event]:
    """The annulment. Refused unless the entry is in force and nothing rests on it."""
    assert isinstance(annulment, Annulment)
    was = _holding(state, annulment.annuls)
    later = [each for each in state.stated if each.origin > was.origin]
    resting = [each for each in later if each.matter == was.matter or was is state.stated[0]]
    if resting and was.before is None:
        raise Refused(
            "annulment.rested-on",
            subject=state.called,
            entry=was.version,
            resting=resting[-1].version,
        )
    state.fold([annulment]).require_sound_since(was.matter)
    return [annulment]


def _require_sound(becomes: Event, correction: Correction, context: DecisionContext) -> None:
    """Days are text in the changes, so they are checked as values of the corrected event."""
    for name, given in correction.changes.items():
        value = getattr(becomes, name)
        if isinstance(value, date) and given != value.isoformat():
            raise Refused(
                "correction.value-malformed",
                label=labels(type(becomes)).get(name, Bilingual(zh=name, en=name)),
                field=name,
                value=str(given),
                problem="2024-06-30",
            )
        require_sound({name: value}, context.today)


def _require_correctable(state: StagedSubject[E], was: Stated[E], correction: Correction) -> None:
    kind = type(was.event)
    names = correctable(kind)
    for name in correction.changes:
        if name not in names:
            raise Refused(
                "correction.field-fixed",
                subject=state.called,
                entry=was.version,
                field=name,
                fields=[Bilingual(zh=f"{labels(kind)[n].zh}（{n}）", en=n) for n in names],
            )


def _holding(state: StagedSubject[E], version: int) -> Stated[E]:
    """What the entry of this version states; Refused unless it is in force as it reads."""
    if version > state.version:
        raise NotOnRecord(
            "entry.not-on-record", subject=state.called, entry=version, entries=state.version
        )
    for each in state.stated:
        if each.version == version:
            return each
        earlier = each.before
        while earlier:
            if earlier.version == version:
                raise Refused(
                    "entry.already-corrected",
                    subject=state.called,
                    entry=version,
                    corrected_by=each.version,
                )
            earlier = earlier.before
    raise Refused("entry.void", subject=state.called, entry=version)
