"""The state of an official: names and posts on any day. It decides nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self, assert_never

from domain.kernel.dated_subject import DatedSubject
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.reservation import Held
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import EMPTY, DateSpan, Timeline, spans_by_value
from domain.person.events import (
    PersonDistinguished,
    PersonEntryAnnulled,
    PersonEvent,
    PersonNameCorrected,
    PersonRegistered,
    PersonRenamed,
    PostCorrected,
    PostEndCorrected,
    PostLeft,
    PostTaken,
)
from domain.person.namesake import NameInUnit

ALWAYS = date.min  # from when the name of a registration holds


class Post(NamedTuple):
    """A post: the id of the unit, and the title."""

    unit: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Person(DatedSubject):
    """One official, with everything that was stated about them.

    `posts` holds each post over time, by the number of the entry that states it: the post until it
    is left, then nothing.
    """

    kind: ClassVar[str] = "person"
    what: ClassVar[Bilingual] = Bilingual(zh="人员", en="person")
    DATED: ClassVar = ("names",)

    distinction: str | None = None
    posts: Mapping[int, Timeline[Post]] = field(default_factory=dict)

    def timelines(self) -> Iterator[Timeline[Any]]:
        """Those of the name and of all posts."""
        return iter((self.names, *self.posts.values()))

    def lies_in(self, day: date) -> tuple[str, ...]:
        """The units of the posts held on that day, or else of the newest post."""
        tenures = [(span, post.unit) for _, post, span in self.tenures()]
        held = [unit for span, unit in tenures if span.holds(day)]
        units = held or [unit for _, unit in tenures][-1:]
        return tuple(f"unit:{unit}" for unit in units)

    def name_on(self, day: date) -> str:
        """The name on a day."""
        return self.names.on(day) or self.title

    def require_registered(self) -> None:
        """Refused unless the person is on record and the registration was not annulled."""
        self.require_on_record()
        if not any(self.names.stated()):
            raise Refused("subject.first-entry-annulled", subject=self.called)

    def post_of(self, version: int) -> int:
        """The number of the post about which an entry states something, now or once.

        Refused if it states nothing about a post.
        """
        for number, timeline in self.posts.items():
            if any(change.version == version for change in timeline.changes):
                return number
        if version > self.version:
            raise NotOnRecord(
                "entry.not-on-record", subject=self.called, entry=version, entries=self.version
            )
        raise Refused("entry.without-attribute", title=self.title, entry=version, what=POST)

    def tenure(self, number: int) -> tuple[Post, DateSpan] | None:
        """A post, and the days on which it is held; None if it is void."""
        for begin, until, post, _ in self.posts[number].periods():
            if post:
                return post, DateSpan(begin, until)
        return None

    def tenures(self) -> Iterator[tuple[int, Post, DateSpan]]:
        """All posts that are not void, with their numbers and days."""
        for number in self.posts:
            if tenure := self.tenure(number):
                yield (number, *tenure)

    def held(self) -> Iterable[Held]:
        """Its names in its units, with the days on which it has both."""
        days: dict[str, list[DateSpan]] = {}
        for _, post, span in self.tenures():
            days.setdefault(post.unit, []).append(span)
        for unit, each in days.items():
            for name, spans in spans_by_value(self.names, each).items():
                yield Held(NameInUnit(unit, name, self.distinction), spans)

    def reservations(
        self, *, unit: str | None = None, name: str | None = None, **distinction: str | None
    ) -> Iterator[str]:
        """The streams of its names in its units, past and present, and with these further values;
        under another `distinction` if one is given."""
        units = [c.value.unit for t in self.posts.values() for c in t.changes if c.value]
        names = [change.value for change in self.names.changes]
        apart = distinction.get("distinction", self.distinction)
        for each in dict.fromkeys((*units, unit)):
            for called in dict.fromkeys((*names, name)):
                if each and called:
                    yield from NameInUnit(each, called, apart).streams()

    def evolve(self, event: PersonEvent) -> Self:
        """The state after one more event of this person."""
        at = self.version
        match event:
            case PersonRegistered():
                names = self.names.change(ALWAYS, event.name, version=at)
                return changed(self, names=names, distinction=event.distinction)
            case PersonRenamed(effective_from=day):
                return changed(self, names=self.names.change(day, event.name, version=at))
            case PersonDistinguished():
                return changed(self, distinction=event.distinction)
            case PostTaken(effective_from=day):
                taken: Timeline[Post] = EMPTY
                taken = taken.change(day, Post(event.unit, event.title), version=at)
                return self._with_post(at, taken)
            case PostLeft(post=number, effective_from=day):
                left = self.posts[number].change(day, None, version=at)
                return self._with_post(number, left)
            case PersonNameCorrected(corrects=was, effective_from=since):
                names = self.names.correct(was, since or ALWAYS, event.name, by=at)
                return changed(self, names=names)
            case PostCorrected(corrects=was, effective_from=day):
                return self._corrected(was, day, Post(event.unit, event.title))
            case PostEndCorrected(corrects=was, effective_from=day):
                return self._corrected(was, day, None)
            case PersonEntryAnnulled(annuls=was):
                posts = {n: each.strike(was, by=at) for n, each in self.posts.items()}
                names = self.names.strike(was, by=at)
                return changed(self, names=names, posts=posts)
            case _:
                assert_never(event)

    def _with_post(self, number: int, timeline: Timeline[Post]) -> Self:
        return changed(self, posts={**self.posts, number: timeline})

    def _corrected(self, was: int, day: date, post: Post | None) -> Self:
        number = self.post_of(was)
        return self._with_post(number, self.posts[number].correct(was, day, post, by=self.version))


POST = Bilingual(zh="职务", en="post")
NAME = Bilingual(zh="姓名", en="name")
