"""What communities and jurisdictions have in common: names, codes and a lifetime, with corrections.

Says what stood on a day and why something cannot be changed; it records nothing itself.
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
    """A subject that bears a name and a statistical code for a while, and stands for a while.

    `DATED` names all its timelines. What its beginning stated has order 1 in them, and keeps it
    through corrections.
    """

    DATED: ClassVar[tuple[str, ...]]

    names: Timeline[str] = EMPTY
    codes: Timeline[str] = EMPTY
    standing: Timeline[Lifetime] = EMPTY

    @property
    def title(self) -> str:
        """What to call it in a sentence: its newest name, or its id when it never had one."""
        changes = self.names.changes
        stated = [change for change in changes if not change.struck_by] or changes
        return (stated[-1].value if stated else None) or self.id

    @property
    def called(self) -> Bilingual:
        """How a refusal names it: by its newest name and its id."""
        if self.title == self.id:
            return Bilingual(zh=f"{self.what.zh}（编号 {self.id}）", en=self.stream)
        return Bilingual(zh=f"{self.title}（编号 {self.id}）", en=f"{self.title} ({self.id})")

    def stands_on(self, day: date) -> bool:
        """Whether it stands on a day: registered, and neither merged, split up nor abolished."""
        return self.standing.on(day) == "active"

    def code_streams(self, *more: str | None) -> Iterator[str]:
        """The streams of all codes that it ever bore, and of these."""
        codes = dict.fromkeys([*(change.value for change in self.codes.changes), *more])
        return (f"code:{code}" for code in codes if code)

    def bearings(self) -> dict[str, list[DateSpan]]:
        """The codes that it bears, each with the days on which it bears it and stands."""
        lives = self.standing.spans("active")
        found: dict[str, list[DateSpan]] = {}
        for begin, until, code, _ in self.codes.periods():
            if code is None:
                continue
            for life in lives:
                if shared := DateSpan(begin, until).shared(life):
                    spans = found.setdefault(code, [])
                    # The same code stated twice in a row is borne through.
                    if spans and spans[-1].effective_until == shared.effective_from:
                        spans[-1] = DateSpan(spans[-1].effective_from, shared.effective_until)
                    else:
                        spans.append(shared)
        return found

    def require_on_record(self) -> None:
        """NotOnRecord unless something was recorded of it."""
        if not self.version:
            raise NotOnRecord(
                f"{self.stream} is not on record; check its id or register it first.",
                f"编年中没有{self.called.zh}；请核对编号，或先行登记。",
            )

    def require_standing_on(self, day: date) -> None:
        """Refused unless it stands on the day; the sentence says since when it does not."""
        self.require_on_record()
        change = self.standing.change_on(day)
        if change is None:
            first = next(self.standing.stated(), None)
            if first is None:
                raise Refused(
                    f"The registration of {self.title} ({self.stream}) was annulled; "
                    "register it anew under another id.",
                    f"{self.title}（编号 {self.id}）的登记已被撤销；请以新编号重新登记。",
                )
            raise Refused(
                f"{self.title} is on record only from {first.effective_from} on, not on {day}; "
                "choose a later day, or correct the day of its registration.",
                f"{self.title} 自 {first.effective_from} 起才有记录，{day} 尚不存在；"
                "请选择此后的日期，或更正其登记日期。",
            )
        if change.value != "active":
            ended = ENDED[change.value] if change.value else ENDED["abolished"]
            raise Refused(
                f"{self.title} does not stand on {day}: it was {ended.en} on "
                f"{change.effective_from} (entry {change.version}); choose an earlier day, "
                "or restore it first.",
                f"{self.title} 在 {day} 已不存在：已于 {change.effective_from} {ended.zh}"
                f"（第 {change.version} 条）；请选择更早的日期，或先予恢复。",
            )

    def require_ended_on(self, day: date) -> None:
        """Refused unless it stood before and stands no longer on the day, so that it can return."""
        if self.stands_on(day):
            raise Refused(
                f"{self.title} stands on {day} already; there is nothing to restore.",
                f"{self.title} 在 {day} 仍然存在，无需恢复。",
            )
        if not self.standing.change_on(day):
            self.require_standing_on(day)

    def require_news(
        self, timeline: Timeline[T], value: T | None, day: date, what: Bilingual
    ) -> None:
        """Refused when the value holds on that day already, so that nothing would change."""
        change = timeline.change_on(day)
        if change is None and value is None:
            raise Refused(
                f"{self.title} has no {what.en} on {day} anyway; there is nothing to record.",
                f"{self.title} 在 {day} 本无{what.zh}，无需记录。",
            )
        if change and change.value == value:
            raise Refused(
                f"{self.title} has that {what.en} already, from {change.effective_from} on "
                f"(entry {change.version}); there is nothing to record.",
                f"{self.title} 自 {change.effective_from} 起{what.zh}已是如此"
                f"（第 {change.version} 条），无需记录。",
            )

    def require_sound_lifetime(self) -> None:
        """Refused, naming the entry in the way, unless beginnings and ends take turns."""
        stands = False
        for change in self.standing.stated():
            begins = change.value == "active"
            if begins == stands:
                state = Bilingual(
                    zh="仍然存在" if stands else "并不存在",
                    en="stands already" if stands else "does not stand",
                )
                raise Refused(
                    f"Entry {change.version} of {self.title} would then take effect on "
                    f"{change.effective_from} although it {state.en}; annul that entry first, "
                    "or choose another day.",
                    f"如此则 {self.title} 的第 {change.version} 条于 {change.effective_from} "
                    f"生效时，它{state.zh}；请先撤销该条，或另选日期。",
                )
            stands = begins

    def correctable(self, timeline: Timeline[T], version: int, what: Bilingual) -> Change[T]:
        """What the entry states of this attribute; Refused when it does not, or does no longer."""
        if change := timeline.standing(version):
            return change
        struck = next((c.struck_by for c in timeline.changes if c.version == version), None)
        if struck:
            raise self._struck(version, struck)
        self._require_recorded(version)
        raise Refused(
            f"Entry {version} of {self.title} states no {what.en}; name the entry that does.",
            f"{self.title} 的第 {version} 条并未记载{what.zh}；请指明记载它的那一条。",
        )

    def require_correction(
        self, change: Change[T], effective_from: date, value: T | None, what: Bilingual
    ) -> None:
        """Refused unless the corrected value may hold from that day, and differs."""
        if (change.effective_from, change.value) == (effective_from, value):
            raise Refused(
                f"Entry {change.version} of {self.title} says so already; nothing to correct.",
                f"{self.title} 的第 {change.version} 条本就如此记载，无需更正。",
            )
        if change.order != 1:
            self.require_standing_on(effective_from)
        elif change.effective_from != effective_from:
            raise Refused(
                f"The first {what.en} of {self.title} holds from its registration, "
                f"{change.effective_from}; keep that day, or correct the registration.",
                f"{self.title} 的首个{what.zh}自其登记之日 {change.effective_from} 起有效；"
                "请保持该日期，或更正其登记。",
            )

    def begun_from(self, effective_from: date) -> dict[str, Any]:
        """What its beginning stated, held from another day on."""
        moved = {
            name: _moved(getattr(self, name), effective_from, self.version) for name in self.DATED
        }
        return {name: timeline for name, timeline in moved.items() if timeline.changes}

    def require_beginning_on(self, corrects: int, effective_from: date) -> None:
        """Refused unless `corrects` states the beginning, and it may be on that day instead."""
        what = Bilingual(zh="起始日期", en="beginning")
        change = self.correctable(self.standing, corrects, what)
        if change.order != 1:
            raise Refused(
                f"Entry {corrects} of {self.title} is not its registration; "
                "annul that entry and record it anew on the right day.",
                f"{self.title} 的第 {corrects} 条不是其登记；请撤销该条并以正确日期重新记录。",
            )
        if change.effective_from == effective_from:
            raise Refused(
                f"{self.title} begins on {effective_from} already; nothing to correct.",
                f"{self.title} 的起始日期本就是 {effective_from}，无需更正。",
            )
        for timeline in self.timelines():
            for later in timeline.stated():
                if later.order != 1 and later.effective_from < effective_from:
                    raise Refused(
                        f"Entry {later.version} of {self.title} takes effect on "
                        f"{later.effective_from}, before {effective_from}; "
                        "correct or annul that entry first.",
                        f"{self.title} 的第 {later.version} 条自 {later.effective_from} 起生效，"
                        f"早于 {effective_from}；请先更正或撤销该条。",
                    )

    def timelines(self) -> Iterator[Timeline[Any]]:
        """All its timelines."""
        return (getattr(self, name) for name in self.DATED)

    def without(self, version: int) -> dict[str, Any]:
        """All its timelines, without what the entry `version` stated."""
        return {
            name: timeline.strike(version, by=self.version)
            for name in self.DATED
            if (timeline := getattr(self, name)).changes
        }

    def require_annullable(self, version: int, among: Iterable[Timeline[Any]]) -> None:
        """Refused unless the entry states something among these timelines, all of it standing."""
        self._require_recorded(version)
        traces = [c for timeline in among for c in timeline.changes if c.version == version]
        struck = next((c.struck_by for c in traces if c.struck_by), None)
        if struck:
            raise self._struck(version, struck)
        if traces:
            return
        if any(c.struck_by == version for timeline in self.timelines() for c in timeline.changes):
            raise Refused(
                f"Entry {version} of {self.title} is itself an annulment, which stays; "
                "record anew what holds.",
                f"{self.title} 的第 {version} 条本身即为撤销，不得再撤销；请重新记录有效内容。",
            )
        raise Refused(
            f"Entry {version} of {self.title} states nothing that can be annulled this way; "
            "name the entry that states what is wrong.",
            f"{self.title} 的第 {version} 条没有可以这样撤销的内容；请指明有误的那一条。",
        )

    def _require_recorded(self, version: int) -> None:
        if version > self.version:
            raise NotOnRecord(
                f"{self.title} has no entry {version}, only {self.version}; check the number.",
                f"{self.title} 没有第 {version} 条，共 {self.version} 条；请核对序号。",
            )

    def _struck(self, version: int, by: int) -> Refused:
        if any(c.version == by for timeline in self.timelines() for c in timeline.changes):
            return Refused(
                f"Entry {version} of {self.title} was corrected by entry {by}; "
                "name that one instead, or annul it first.",
                f"{self.title} 的第 {version} 条已由第 {by} 条更正；"
                f"请改为指明第 {by} 条，或先撤销它。",
            )
        return Refused(
            f"Entry {version} of {self.title} was annulled by entry {by}; record anew what holds.",
            f"{self.title} 的第 {version} 条已由第 {by} 条撤销；请重新记录有效内容。",
        )


def claims(
    context: DecisionContext, *changes: tuple[AdministrativeUnit, AdministrativeUnit]
) -> list[StreamEvent]:
    """The code claims that follow when each bearer turns from its first state into its second.

    Refused when a code would belong to two bearers on one day. The command must have consulted the
    streams of all codes in these states, except those of a state that only gives codes up.
    """
    claimed: dict[str, list[CodeClaimed]] = {}
    for before, after in changes:
        old, new = before.bearings(), after.bearings()
        for code in (*old, *(code for code in new if code not in old)):
            if old.get(code) != new.get(code):
                claim = CodeClaimed.of(after.stream, new.get(code, ()))
                claimed.setdefault(code, []).append(claim)
    for code, events in claimed.items():
        context.state(Code, code).fold(events).require_one_bearer()
    return [
        StreamEvent(f"code:{code}", event) for code, events in claimed.items() for event in events
    ]


def _moved(timeline: Timeline[Any], effective_from: date, by: int) -> Timeline[Any]:
    for change in timeline.stated():
        if change.order == 1:
            return timeline.correct(change.version, effective_from, change.value, by=by)
    return timeline
