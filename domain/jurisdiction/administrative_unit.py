"""What communities and jurisdictions share: names, codes and a lifetime, with corrections.

It says what held on a day and refuses changes that cannot be made; it records nothing itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar

from domain.code.events import CodeClaimed
from domain.code.state import Code
from domain.kernel.context import DecisionContext
from domain.kernel.event import StreamEvent
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Change, DateSpan, Timeline

T = TypeVar("T")

Lifetime = Literal["active", "merged", "split", "abolished", "dissolved"]

ENDED: Mapping[Lifetime, Bilingual] = MappingProxyType(
    {
        "merged": Bilingual(zh="并入其他社区", en="merged into another"),
        "split": Bilingual(zh="拆分", en="split up"),
        "abolished": Bilingual(zh="裁撤", en="abolished"),
        "dissolved": Bilingual(zh="裁撤", en="dissolved"),
    }
)


@dataclass(frozen=True, kw_only=True)
class AdministrativeUnit(Subject):
    """A subject whose name, statistical code and existence change over time.

    `DATED` lists the names of all its timelines. Values stated by its first entry have order 1 in
    them, and keep it when they are corrected.
    """

    DATED: ClassVar[tuple[str, ...]]

    names: Timeline[str] = EMPTY
    codes: Timeline[str] = EMPTY
    standing: Timeline[Lifetime] = EMPTY

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

    def exists_on(self, day: date) -> bool:
        """Whether it exists on a day: it is registered, and not merged, split up or abolished."""
        return self.standing.on(day) == "active"

    def code_streams(self, *more: str | None) -> Iterator[str]:
        """The streams of all codes that it ever had, and of these further codes."""
        codes = dict.fromkeys([*(change.value for change in self.codes.changes), *more])
        return (f"code:{code}" for code in codes if code)

    def code_spans(self) -> dict[str, list[DateSpan]]:
        """Its codes, each with the days on which it exists and has the code."""
        lives = self.standing.spans("active")
        found: dict[str, list[DateSpan]] = {}
        for begin, until, code, _ in self.codes.periods():
            if code is None:
                continue
            for life in lives:
                if shared := DateSpan(begin, until).shared(life):
                    spans = found.setdefault(code, [])
                    # A code that is stated twice in a row is held without a break.
                    if spans and spans[-1].effective_until == shared.effective_from:
                        spans[-1] = DateSpan(spans[-1].effective_from, shared.effective_until)
                    else:
                        spans.append(shared)
        return found

    def require_on_record(self) -> None:
        """NotOnRecord unless something was recorded of it."""
        if not self.version:
            raise NotOnRecord("subject.not-on-record", stream=self.stream, subject=self.called)

    def require_existing_on(self, day: date) -> None:
        """Refused unless it exists on the day; the refusal says when it began or ended."""
        self.require_on_record()
        change = self.standing.change_on(day)
        if change is None:
            first = next(self.standing.stated(), None)
            if first is None:
                raise Refused("subject.first-entry-annulled", subject=self.called)
            raise Refused(
                "lifetime.not-begun", title=self.title, day=day, begins_on=first.effective_from
            )
        if change.value != "active":
            raise Refused(
                "lifetime.ended",
                title=self.title,
                day=day,
                how=ENDED[change.value or "abolished"],
                ended_on=change.effective_from,
                entry=change.version,
            )

    def require_ended_on(self, day: date) -> None:
        """Refused unless it existed before and no longer exists on the day."""
        if self.exists_on(day):
            raise Refused("lifetime.not-ended", title=self.title, day=day)
        if not self.standing.change_on(day):
            self.require_existing_on(day)

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

    def require_sound_lifetime(self) -> None:
        """Refused unless beginnings and ends alternate; the refusal names the entry in the way."""
        stands = False
        for change in self.standing.stated():
            begins = change.value == "active"
            if begins == stands:
                raise Refused(
                    "lifetime.out-of-turn",
                    title=self.title,
                    entry=change.version,
                    day=change.effective_from,
                )
            stands = begins

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
        """Refused unless the corrected value differs and may hold from that day."""
        if (change.effective_from, change.value) == (effective_from, value):
            raise Refused("correction.without-change", subject=self.called, entry=change.version)
        if change.order != 1:
            self.require_existing_on(effective_from)
        elif change.effective_from != effective_from:
            raise Refused(
                "correction.first-value-moved",
                title=self.title,
                what=what,
                begins_on=change.effective_from,
            )

    def begun_from(self, effective_from: date) -> dict[str, Any]:
        """Its timelines with everything that its first entry stated moved to another day."""
        moved = {
            name: _moved(getattr(self, name), effective_from, self.version) for name in self.DATED
        }
        return {name: timeline for name, timeline in moved.items() if timeline.changes}

    def require_beginning_on(self, corrects: int, effective_from: date) -> None:
        """Refused unless `corrects` is its first entry and its beginning may move to that day."""
        what = Bilingual(zh="起始日期", en="beginning")
        change = self.correctable(self.standing, corrects, what)
        if change.order != 1:
            raise Refused("correction.not-the-beginning", title=self.title, entry=corrects)
        if change.effective_from == effective_from:
            raise Refused("correction.without-change", subject=self.called, entry=corrects)
        for timeline in self.timelines():
            for later in timeline.stated():
                if later.order != 1 and later.effective_from < effective_from:
                    raise Refused(
                        "correction.begins-after-entry",
                        title=self.title,
                        entry=later.version,
                        effective_from=later.effective_from,
                        begins_on=effective_from,
                    )

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


def claims(
    context: DecisionContext, *changes: tuple[AdministrativeUnit, AdministrativeUnit]
) -> list[StreamEvent]:
    """The code claims that follow when each unit changes from its first state to its second.

    Refused when a code would belong to two units on one day. The command must have consulted the
    streams of all codes in these states, except those of a state that only gives codes up.
    """
    claimed: dict[str, list[CodeClaimed]] = {}
    for before, after in changes:
        old, new = before.code_spans(), after.code_spans()
        for code in (*old, *(code for code in new if code not in old)):
            if old.get(code) != new.get(code):
                claim = CodeClaimed.of(after.stream, new.get(code, ()))
                claimed.setdefault(code, []).append(claim)
    for code, events in claimed.items():
        context.state(Code, code).fold(events).require_one_holder()
    return [
        StreamEvent(f"code:{code}", event) for code, events in claimed.items() for event in events
    ]


def _moved(timeline: Timeline[Any], effective_from: date, by: int) -> Timeline[Any]:
    for change in timeline.stated():
        if change.order == 1:
            return timeline.correct(change.version, effective_from, change.value, by=by)
    return timeline
