"""Drafts: what somebody typed into a form and has not recorded, kept for a week.

They are apart from the record. Each is of one person, one operation and one subject.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from access.kernel import Database
from record.sql import statements

SQL = statements(__file__)
LASTS = timedelta(days=7)
BYTES_MAX = 100_000
DRAFTS_MAX = 50
KEY_CHARACTERS_MAX = 128


class Form(NamedTuple):
    """Whose draft of which form; the subject is empty for a form that begins one."""

    person: str
    operation: str
    subject: str


class FormDraft(NamedTuple):
    """What was typed, by the names of inputs, and when."""

    typed: Mapping[str, str]
    saved_at: datetime


class Drafts:
    """The drafts of all people, at most 50 of each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, form: Form, typed: Mapping[str, str], *, key: str) -> bool:
        """Keep what was typed in place of what was kept; whether it was not too much.

        Nothing is kept under a key that was recorded: a page may send it late.
        """
        text = json.dumps(typed)
        if len(text) > BYTES_MAX or len(key) > KEY_CHARACTERS_MAX:
            return False
        self._database.rows(
            SQL["forget_old"],
            SQL["save"],
            SQL["forget_beyond"],
            **form._asdict(),
            key=key,
            typed=text,
            since=self._database.clock() - LASTS,
            drafts_max=DRAFTS_MAX,
        )
        return True

    def find(self, form: Form) -> FormDraft | None:
        """What was kept within a week, if anything was."""
        since = self._database.clock() - LASTS
        row = self._database.row(SQL["find"], **form._asdict(), since=since)
        return FormDraft(json.loads(row["typed"]), row["saved_at"]) if row else None

    def recorded(self, form: Form) -> None:
        """Let go of what was typed, which is on record now."""
        self._database.rows(SQL["recorded"], **form._asdict())

    def discard(self, form: Form) -> None:
        """Let go of what was typed."""
        self._database.rows(SQL["discard"], **form._asdict())
