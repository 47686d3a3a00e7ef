"""A subject that begins and ends, such as a community, a jurisdiction or an office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar

from domain.kernel.dated_subject import DatedSubject
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, Change, Timeline

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
class SubjectWithLifetime(DatedSubject):
    """A subject that exists from its registration until it ends."""

    ENDS: ClassVar[Mapping[Lifetime, Bilingual]] = ENDED

    standing: Timeline[Lifetime] = EMPTY

    def exists_on(self, day: date) -> bool:
        """Whether it exists on a day: it is registered, and not merged, split up or abolished."""
        return self.standing.on(day) == "active"

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
                how=self.ENDS[change.value or "abolished"],
                ended_on=change.effective_from,
                entry=change.version,
            )

    def require_ended_on(self, day: date) -> None:
        """Refused unless it existed before and no longer exists on the day."""
        if self.exists_on(day):
            raise Refused("lifetime.not-ended", title=self.title, day=day)
        if not self.standing.change_on(day):
            self.require_existing_on(day)

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

    def require_correction(
        self, change: Change[T], effective_from: date, value: T | None, what: Bilingual
    ) -> None:
        """Refused unless the corrected value differs and may hold from that day."""
        super().require_correction(change, effective_from, value, what)
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


def _moved(timeline: Timeline[Any], effective_from: date, by: int) -> Timeline[Any]:
    for change in timeline.stated():
        if change.order == 1:
            return timeline.correct(change.version, effective_from, change.value, by=by)
    return timeline
