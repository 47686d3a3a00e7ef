"""What partnerships, check-ins, exemplars and honours have in common: matters told step by step,
each step on its day, with corrections and annulments.

It keeps what was stated and what stands; what a step means is said by each subject.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints, ValidationError

from domain.kernel.context import DecisionContext
from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Names, Reason, Slug, Version
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.subject import Subject, changed, require_unsaid
from domain.kernel.text import Bilingual

ENTRIES_MAX = 2_000  # of one subject: beyond that somebody keeps a diary, not a record

FieldName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=40), Names("field")
]
Text = Annotated[str, StringConstraints(max_length=2000)]
Changes = Annotated[
    dict[FieldName, StrictBool | StrictInt | Text | dict[Slug, Text] | None],
    Field(
        min_length=1,
        max_length=20,
        description="The fields of the entry that were wrong, as they should have been; null "
        "for a field that should have been left out.",
        examples=[{"description": "更正后的内容"}],
    ),
]

# What the fields that can be corrected are called.
FIELDS: Mapping[str, Bilingual] = {
    "about": Bilingual(zh="事项", en="matter"),
    "aims": Bilingual(zh="共建内容", en="aims"),
    "audience": Bilingual(zh="人数", en="audience"),
    "available_until": Bilingual(zh="提供截止日期", en="available until"),
    "board": Bilingual(zh="榜单", en="board"),
    "by": Bilingual(zh="所属方", en="side"),
    "comment": Bilingual(zh="意见", en="comment"),
    "conduct": Bilingual(zh="事由", en="conduct"),
    "content": Bilingual(zh="内容", en="content"),
    "description": Bilingual(zh="说明", en="description"),
    "effective_from": Bilingual(zh="起始日期", en="from"),
    "effective_until": Bilingual(zh="终止日期", en="until"),
    "facility_kind": Bilingual(zh="设施类别", en="kind of facility"),
    "held_until": Bilingual(zh="有效期至", en="held until"),
    "hours": Bilingual(zh="时数", en="hours"),
    "household": Bilingual(zh="户（门牌）", en="household"),
    "honour": Bilingual(zh="称号", en="title"),
    "legal_basis": Bilingual(zh="依据条款", en="legal basis"),
    "merits": Bilingual(zh="示范要点", en="merits"),
    "met": Bilingual(zh="是否满足", en="met"),
    "name": Bilingual(zh="名称", en="name"),
    "opening_hours": Bilingual(zh="开放时间", en="opening hours"),
    "participant": Bilingual(zh="报到主体", en="participant"),
    "person": Bilingual(zh="责任人", en="person"),
    "place": Bilingual(zh="位置（门牌）", en="place"),
    "posted_until": Bilingual(zh="公示截止日期", en="posted until"),
    "rating": Bilingual(zh="评价", en="rating"),
    "reason": Bilingual(zh="理由", en="reason"),
    "result": Bilingual(zh="结果", en="result"),
    "stance": Bilingual(zh="态度", en="stance"),
    "stars": Bilingual(zh="星级", en="stars"),
    "subject": Bilingual(zh="对象", en="subject"),
    "title": Bilingual(zh="标题", en="title"),
    "topic": Bilingual(zh="主题", en="topic"),
    "unit_code": Bilingual(zh="统一社会信用代码", en="unified social credit code"),
    "unit_name": Bilingual(zh="单位名称", en="name of the unit"),
    "due_on": Bilingual(zh="期限", en="due day"),
}


def field_words(name: str) -> Bilingual:
    """What a field is called: by FIELDS; the many days that steps have are all just days."""
    return FIELDS.get(name, Bilingual(zh="日期", en=name.replace("_", " ")))


class Correction(BaseModel):
    """An entry of the same stream stated these fields wrongly."""

    community: CommunityId | None = None
    corrects: Version
    changes: Changes
    reason: Reason


class Annulment(BaseModel):
    """An entry of the same stream is void from the start."""

    community: CommunityId | None = None
    annuls: Version
    reason: Reason


CORRECTED = Bilingual(
    zh="更正{corrects}：{changes}（{reason}）。",
    en="Entry {corrects} corrected: {changes} ({reason}).",
)
ANNULLED = Bilingual(zh="撤销{annuls}：{reason}。", en="Entry {annuls} annulled: {reason}.")


class Stated(NamedTuple):
    """What an entry states and nobody has annulled: `origin` is the entry that first stated it,
    `version` the one by which it reads as it does, `before` how it read until then."""

    origin: int
    version: int
    matter: str
    event: Any
    before: "Stated | None" = None


@dataclass(frozen=True, kw_only=True)
class StagedSubject(Subject):
    """A subject made of matters; each matter's steps follow each other in time.

    `MATTERS` names the fields by which an event belongs to a matter, the first that it has counts;
    an event with none of them belongs to the subject's own course, and one among `ALONE` to no
    other. `STAGES` says at which stage an event leaves its matter.
    """

    MATTERS: ClassVar[tuple[str, ...]] = ()
    ALONE: ClassVar[frozenset[type[Event]]] = frozenset()
    STAGES: ClassVar[Mapping[type[Event], str]]
    STAGE_WORDS: ClassVar[Mapping[str, Bilingual]]
    # What ends a matter early, by the field in which a step before it says when it ends itself.
    EARLY: ClassVar[Mapping[type[Event], str]] = {}
    # What of an event is never corrected: it is annulled, and stated anew.
    FIXED: ClassVar[Mapping[type[Event], frozenset[str]]] = {}

    stated: tuple[Stated, ...] = ()
    annulled: tuple[Stated, ...] = ()  # void, but who did it did have a hand in the matter

    @property
    def opening(self) -> Any:
        """The event that put the subject on record; Refused when it was annulled."""
        if self.stated and not self.stated[0].matter:
            return self.stated[0].event
        raise Refused("subject.first-entry-annulled", subject=self.called)

    @property
    def called(self) -> Bilingual:
        """By its own title, while its first entry stands."""
        titled = self.stated and not self.stated[0].matter and self.titled(self.stated[0].event)
        return titled or super().called

    def titled(self, opening: Any) -> Bilingual | None:
        """What it is called, by the event that put it on record."""
        return None

    def steps(self, matter: str = "") -> tuple[Stated, ...]:
        """What stands of a matter, in order; of the subject's own course by default."""
        return tuple(each for each in self.stated if each.matter == matter)

    def participants(self, matter: str, names: Iterable[str]) -> set[str]:
        """Who, by these fields, ever had a hand in a matter: in steps that were annulled, too."""
        steps = (each for each in (*self.annulled, *self.stated) if each.matter == matter)
        named = (getattr(each.event, name, None) for each in steps for name in names)
        return {person for person in named if person}

    def stage(self, matter: str = "") -> str | None:
        """At which stage a matter is; None when nothing of it stands."""
        steps = self.steps(matter)
        return self.STAGES[type(steps[-1].event)] if steps else None

    def of(self, *kinds: type[Event]) -> list[Any]:
        """The standing events of these classes, in order."""
        return [each.event for each in self.stated if isinstance(each.event, kinds)]

    def evolve(self, event: Any) -> Self:
        """The state after one more event of this subject."""
        at = self.version
        if isinstance(event, Annulment):
            kept = (s.before if s.version == event.annuls else s for s in self.stated)
            void = (s for s in self.stated if s.version == event.annuls)
            return changed(
                self,
                stated=tuple(each for each in kept if each),
                annulled=(*self.annulled, *void),
            )
        if isinstance(event, Correction):
            return changed(
                self,
                stated=tuple(
                    Stated(s.origin, at, s.matter, as_it_should_read(s.event, event.changes), s)
                    if s.version == event.corrects
                    else s
                    for s in self.stated
                ),
            )
        step = Stated(at, at, self.matter_of(event, at), event)
        return changed(self, stated=(*self.stated, step))

    def matter_of(self, event: Event, at: int) -> str:
        """The matter that an event belongs to."""
        if type(event) in self.ALONE:
            return f"entry:{at}"
        for name in self.MATTERS:
            if (id := getattr(event, name, None)) is not None:
                return f"{name}:{id}"
        return ""

    def check(self, event: Any, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy, other subjects, and what else stands, allow what the event
        states in these fields: all of them, or those that a correction changes. What was right
        under an earlier policy stays so."""

    def grounds(self, event: Any) -> Iterable[str]:
        """The streams that such an event rests on: whoever states or corrects it consults them."""
        return ()

    def grounds_at(self, version: int) -> Iterable[str]:
        """The streams that the entry of this version rests on."""
        found = (each.event for each in self.stated if each.version == version)
        return (stream for event in found for stream in self.grounds(event))

    def implied(self, was: Any, becomes: Any) -> Mapping[str, Text]:
        """What else is to read differently once an event is so corrected."""
        return {}

    def require_sound(self) -> None:
        """Refused unless everything that stands agrees: the steps of a matter follow in time, and
        what ends it early comes before its own end."""
        last: dict[str, Stated] = {}
        for each in self.stated:
            before, day = last.get(each.matter), day_of(each.event)
            if before and day and (earlier := day_of(before.event)) and day < earlier:
                raise Refused(
                    "step.before-previous",
                    day=day,
                    previous=earlier,
                    subject=self.called,
                    entry=before.version,
                )
            if day:
                last[each.matter] = each
            if day and type(each.event) in self.EARLY:
                self._require_before_own_end(each, day)

    def stating(self, event: Event, context: DecisionContext) -> list[Event]:
        """The event, if it may be stated today: Refused unless it agrees with all that stands."""
        if self.version >= ENTRIES_MAX:
            raise Refused("subject.full", subject=self.called, entries_max=ENTRIES_MAX)
        if self.version:
            _ = self.opening
        require_not_ahead(event, context)
        self.check(event, context, type(event).model_fields.keys())
        self.fold([event]).require_sound()
        matter = self.matter_of(event, self.version + 1)
        if not self.steps(matter):
            self._require_unsaid(event, matter, self.stated)
        return [event]

    def _require_unsaid(self, event: Event, matter: str, stated: Iterable[Stated]) -> None:
        """Refused when another matter begins with the very same, whatever its id."""
        own = {matter.partition(":")[0]: None}
        said = (
            (each.version, {**vars(each.event), **own})
            for each in stated
            if type(each.event) is type(event)
        )
        require_unsaid(self, said, {**vars(event), **own})

    def require_stage(self, what: Bilingual, matter: str, *stages: str) -> None:
        """NotOnRecord when nothing stands of the matter, Refused unless it is at such a stage."""
        stage = self.stage(matter)
        id = matter.partition(":")[2] or self.id
        if stage is None:
            raise NotOnRecord("matter.not-on-record", subject=self.called, what=what, id=id)
        if stage not in stages:
            raise Refused(
                "matter.wrong-status",
                what=what,
                id=id,
                status=self.STAGE_WORDS[stage],
                needed=[self.STAGE_WORDS[each] for each in stages],
            )

    def require_new(self, what: Bilingual, matter: str) -> None:
        """Refused when something of the matter stands already."""
        if self.steps(matter):
            id = matter.partition(":")[2]
            raise Refused("matter.already-on-record", subject=self.called, what=what, id=id)

    def correcting(self, correction: Event, context: DecisionContext) -> list[Event]:
        """The correction, if it may be made: it changes something, of an entry that stands, and all
        that stands agrees with it."""
        assert isinstance(correction, Correction)
        was = self._standing(correction.corrects)
        fixed = {"community", *self.MATTERS, *_NEVER_CORRECTED}
        fixed |= self.FIXED.get(type(was.event), frozenset())
        for name in correction.changes:
            if name in fixed or name not in type(was.event).model_fields:
                names = [n for n in type(was.event).model_fields if n not in fixed]
                raise Refused(
                    "correction.field-fixed",
                    subject=self.called,
                    entry=was.version,
                    field=name,
                    fields=[Bilingual(zh=f"{field_words(n).zh}（{n}）", en=n) for n in names],
                )
        becomes = as_it_should_read(was.event, correction.changes)
        if implied := self.implied(was.event, becomes):
            changes = {**correction.changes, **implied}
            correction = correction.model_copy(update={"changes": changes})
            becomes = as_it_should_read(was.event, changes)
        if becomes == was.event:
            raise Refused("correction.without-change", subject=self.called, entry=was.version)
        require_not_ahead(becomes, context)
        others = tuple(each for each in self.stated if each is not was)
        stated = type(becomes).model_fields
        fields = {n for n in stated if getattr(becomes, n) != getattr(was.event, n)}
        changed(self, stated=others).check(becomes, context, fields)
        self.fold([correction]).require_sound()
        if was is self.steps(was.matter)[0]:
            self._require_unsaid(becomes, was.matter, others)
        return [correction]

    def annulling(self, annulment: Event) -> list[Event]:
        """The annulment, if it may be made: the entry stands, and nothing rests on it."""
        assert isinstance(annulment, Annulment)
        was = self._standing(annulment.annuls)
        later = [s for s in self.stated if s.origin > was.origin]
        resting = [s for s in later if s.matter == was.matter or was is self.stated[0]]
        if resting and was.before is None:
            raise Refused(
                "annulment.rested-on",
                subject=self.called,
                entry=was.version,
                resting=resting[-1].version,
            )
        self.fold([annulment]).require_sound()
        return [annulment]

    def _require_before_own_end(self, early: Stated, day: date) -> None:
        name = self.EARLY[type(early.event)]
        for each in self.steps(early.matter):
            until = getattr(each.event, name, None)
            if until and day >= until:
                raise Refused(
                    "step.after-own-end",
                    day=day,
                    until=until,
                    subject=self.called,
                    entry=each.version,
                )

    def _standing(self, version: int) -> Stated:
        if version > self.version:
            raise NotOnRecord(
                "entry.not-on-record", subject=self.called, entry=version, entries=self.version
            )
        for each in self.stated:
            if each.version == version:
                return each
            earlier = each.before
            while earlier:
                if earlier.version == version:
                    raise Refused(
                        "entry.already-corrected",
                        subject=self.called,
                        entry=version,
                        corrected_by=each.version,
                    )
                earlier = earlier.before
        raise Refused("entry.void", subject=self.called, entry=version)


# Who did something is what separates duties, and is as the record knows it; of the others a mistake
# is annulled, and what holds stated anew.
_NEVER_CORRECTED = (
    "subdistrict",
    "type",
    "reached",
    "claimed_by",
    "delivered_by",
    "evaluated_by",
    "nominated_by",
    "asked_by",
)


def require_not_ahead(event: Event, context: DecisionContext) -> None:
    """Refused when the event is about a day on which something is yet to happen."""
    name, day = _day_field(type(event)), day_of(event)
    if name and day and name.endswith("_on"):
        context.require_past(day)


def require_order(begin: date, until: date | None, what: Bilingual) -> None:
    """Refused unless the end, if there is one, comes after the beginning."""
    if until is not None and until <= begin:
        raise Refused("period.empty", what=what, begin=begin, until=until)


def require_due(day: date, due_on: date | None) -> None:
    """Refused for a deadline before the day on which something is taken on."""
    if due_on is not None and due_on < day:
        raise Refused("deadline.before-begin", due_on=due_on, begin=day)


def day_of(event: Event) -> date | None:
    """The day that an event is about: its first date."""
    name = _day_field(type(event))
    day: date | None = getattr(event, name) if name else None
    return day


def chain(stated: Iterable[Stated]) -> Iterable[Stated]:
    """Everything that was stated and not annulled, with how it read before corrections."""
    for each in stated:
        step: Stated | None = each
        while step:
            yield step
            step = step.before


@cache
def _day_field(event: type[Event]) -> str | None:
    return next((n for n, f in event.model_fields.items() if f.annotation is date), None)


def as_it_should_read(event: Event, changes: Mapping[str, Any]) -> Event:
    """An event with these fields changed; Refused where one cannot be so."""
    fields = {**event.model_dump(mode="json"), **changes}
    try:
        return type(event).model_validate(fields)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        empty = first["input"] is None
        raise Refused(
            "correction.value-malformed",
            label=field_words(where.partition(".")[0]),
            field=where,
            value=Bilingual(zh="空", en="empty") if empty else str(first["input"]),
            problem=first["msg"],
        ) from problem
