"""A subject whose attributes hold over periods of world time, and the corrections of its entries.

It says what held on a day and refuses changes that cannot be made; it records nothing itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeVar

from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Change, Timeline

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class DatedSubject(Subject):
    """A subject with timelines, one of them of its names.

    `DATED` lists the names of all its timelines. Values stated by its first entry have order 1 in
    them, and keep it when they are corrected.
    """

    DATED: ClassVar[tuple[str, ...]]

    names: Timeline[str] = EMPTY

    @property
    def title(self) -> str:
        """Its newest name, or its id if it never had one."""
        changes = self.names.changes
        stated = [change for change in changes if not change.struck_by] or changes
        return (stated[-1].value if stated else None) or self.id

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: the newest name and the id."""
        if self.title == self.id:
            return Bilingual(zh=f"{self.what.zh}（编号 {self.id}）", en=self.stream)
        return Bilingual(zh=f"{self.title}（编号 {self.id}）", en=f"{self.title} ({self.id})")

    def timelines(self) -> Iterator[Timeline[Any]]:
        """All its timelines."""
        return (getattr(self, name) for name in self.DATED)

    def without(self, version: int) -> dict[str, Any]:
        """Its timelines without what the entry `version` stated."""
        return {
            name: timeline.strike(version, by=self.version)
            for name in self.DATED
            if (timeline := getattr(self, name)).changes
        }

    def require_on_record(self) -> None:
        """NotOnRecord unless something was recorded of it."""
        if not self.version:
            raise NotOnRecord("subject.not-on-record", stream=self.stream, subject=self.called)

    def require_news(
        self, timeline: Timeline[T], value: T | None, day: date, what: Bilingual
    ) -> None:
        """Refused when the value already holds on that day, so that nothing would change."""
        change = timeline.change_on(day)
        if (change.value if change else None) == value:
            raise Refused(
                "attribute.unchanged",
                title=self.title,
                what=what,
                day=day,
                since=change.effective_from if change else None,
                entry=change.version if change else None,
            )

    def correctable(self, timeline: Timeline[T], version: int, what: Bilingual) -> Change[T]:
        """What the entry states about this attribute; Refused if it states nothing in force."""
        if change := timeline.standing(version):
            return change
        struck = next((c.struck_by for c in timeline.changes if c.version == version), None)
        if struck:
            raise self._struck(version, struck)
        self._require_recorded(version)
        raise Refused("entry.without-attribute", title=self.title, entry=version, what=what)

    def require_correction(
        self, change: Change[T], effective_from: date, value: T | None, what: Bilingual
    ) -> None:
        """Refused unless the corrected value or its day differs."""
        if (change.effective_from, change.value) == (effective_from, value):
            raise Refused("correction.without-change", subject=self.called, entry=change.version)

    def require_annullable(self, version: int, among: Iterable[Timeline[Any]]) -> None:
        """Refused unless the entry states something in these timelines, all of it in force."""
        self._require_recorded(version)
        traces = [c for timeline in among for c in timeline.changes if c.version == version]
        struck = next((c.struck_by for c in traces if c.struck_by), None)
        if struck:
            raise self._struck(version, struck)
        if traces:
            return
        if any(c.struck_by == version for timeline in self.timelines() for c in timeline.changes):
            raise Refused("entry.is-annulment", title=self.title, entry=version)
        raise Refused("entry.not-annullable", title=self.title, entry=version)

    def _require_recorded(self, version: int) -> None:
        if version > self.version:
            raise NotOnRecord(
                "entry.not-on-record", subject=self.called, entry=version, entries=self.version
            )

    def _struck(self, version: int, by: int) -> Refused:
        if any(c.version == by for timeline in self.timelines() for c in timeline.changes):
            return Refused(
                "entry.already-corrected", subject=self.called, entry=version, corrected_by=by
            )
        return Refused("entry.annulled", title=self.title, entry=version, annulled_by=by)
