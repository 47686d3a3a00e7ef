"""Failures of a command that a person can act on, and their sentences."""

from collections.abc import Iterator

import eventsourcing.persistence as store
import psycopg
from psycopg.errors import InsufficientPrivilege

from domain.kernel.refusal import Coded, Stopped
from domain.kernel.text import Bilingual
from record.store.batch import BatchRefused

AWAY = (
    store.OperationalError,
    store.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
REFUSALS_SHOWN_MAX = 20


ANSWERED = (Coded, InsufficientPrivilege, OSError, *AWAY)


def sentences_of(problem: BaseException) -> Iterator[Bilingual]:
    """The sentences for a failure that a person can act on."""
    coded = coded_of(problem)
    yield coded.words
    if isinstance(coded, BatchRefused):
        for step, refusal in coded.refusals[:REFUSALS_SHOWN_MAX]:
            words = refusal.words
            yield Bilingual(zh=f"第 {step + 1} 项：{words.zh}", en=f"{step + 1}: {words.en}")


def coded_of(problem: BaseException) -> Coded:
    """The code of a failure that a person can act on."""
    match problem:
        case Coded():
            return problem
        case InsufficientPrivilege():
            said = problem.diag.message_primary or str(problem)
            return Stopped("command-line.login-lacks-rights", said=said)
        case OSError():
            what = f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
            return Stopped("command-line.file-not-usable", what=what)
        case _:
            lines = str(problem).strip().splitlines() or [type(problem).__name__]
            return Stopped("command-line.database-away", said=lines[0])
