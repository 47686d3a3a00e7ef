"""Given what is on record, when somebody asks for this, then that happened, or it was refused.

A city, two districts, a county and some subdistricts are on record already, some offices and
officials, and the community `甲社区` when a test says so. Nothing is mocked: commands are decided
and folded by the domain.

Whatever a test asks for, somebody without any role asks for it first, and is turned away for that.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, get_args

from domain.authority.events import AuthorityGranted
from domain.catalogue import subject
from domain.community.events import CommunityAbolished, CommunityRegistered
from domain.jurisdiction.events import JurisdictionEstablished
from domain.kernel.command import Command
from domain.kernel.context import ROLES, Acting, Actor, Authority, DecisionContext, Role
from domain.kernel.decision import Decisions
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Named, kind_of
from domain.kernel.irregular import Irregularity
from domain.kernel.policy import Policy, built_in
from domain.kernel.refusal import Irregular, NotAuthorised, Refused
from domain.kernel.subject import Subject
from domain.person.events import PersonRegistered, PostTaken
from domain.unit.events import UnitRegistered

POLICY = built_in()["2021"].policy
CODES = {term.code for what in get_args(Named) for term in POLICY.terms(what)}
BEGIN = date(2000, 1, 1)
TODAY = date(2024, 6, 30)
DEPUTY = "deputy-1"
RESERVED = ("code", "calendar", "pairing", "reservation")
CODE, CODE_2, CODE_3 = "510703001001", "510703001002", "510703001003"


def day(text: str) -> date:
    return date.fromisoformat(text)


def registered(name: str = "甲社区", **fields: Any) -> CommunityRegistered:
    stated = {"code": CODE, "subdistrict": "s1", "effective_from": day("2018-01-01")}
    return CommunityRegistered(name=name, **{"origin": "new", **stated, **fields})


def established(level: Any, name: str, parent: str | None, **fields: Any) -> Event:
    stated: dict[str, Any] = {"effective_from": BEGIN, **fields}
    return JurisdictionEstablished(level=level, name=name, parent=parent, **stated)


def abolished(text: str) -> CommunityAbolished:
    return CommunityAbolished(effective_from=day(text), reason="拆迁")


REGISTERED = registered()

OFFICES = {
    "bureau": "涪城区民政局",
    "city-management": "绵阳市城市管理局",
    "street-office": "城厢街道办事处",
    "traffic-police": "绵阳市公安局交通警察支队",
    "power-bureau": "绵阳供电公司",
    "university": "示例大学",
    "hospital": "示例医院",
    "school": "第一小学",
    "bank": "示例银行城厢支行",
    "clinic": "城厢卫生服务站",
}
OFFICIALS = {"zhao": "赵敏", "qian": "钱宇", "sun": "孙悦", "wang": "王磊", "chen": "陈静"}


def _office(name: str) -> tuple[Event, ...]:
    stated: dict[str, Any] = {"unit_kind": "government-office", "jurisdiction": "c"}
    return (UnitRegistered(name=name, effective_from=BEGIN, **stated),)


def _official(name: str) -> tuple[Event, ...]:
    taken = PostTaken(unit="bureau", title="科员", effective_from=BEGIN)
    return (PersonRegistered(name=name), taken)


TREE: Mapping[str, tuple[Event, ...]] = {
    **{f"unit:{id}": _office(name) for id, name in OFFICES.items()},
    **{f"person:{id}": _official(name) for id, name in OFFICIALS.items()},
    "jurisdiction:c": (established("city", "绵阳市", None, code="510700"),),
    "jurisdiction:d1": (established("district", "涪城区", "c", code="510703"),),
    "jurisdiction:d2": (established("district", "游仙区", "c", code="510704"),),
    "jurisdiction:k": (established("county", "三台县", "c", code="510722"),),
    "jurisdiction:park": (established("park", "高新区", "c"),),
    "jurisdiction:s1": (established("subdistrict", "城厢街道", "d1", code="510703001"),),
    "jurisdiction:s2": (established("subdistrict", "城北街道", "d1", code="510703002"),),
    "jurisdiction:t1": (established("town", "潼川镇", "k", code="510722100"),),
    "jurisdiction:t2": (established("town", "青义镇", "d1", code="510703103"),),
}


@dataclass(frozen=True)
class Outcome:
    """What came of a command."""

    stream: str
    events: tuple[Event | StreamEvent, ...] = ()
    refusal: Refused | None = None
    after: Mapping[str, Subject] = field(default_factory=dict)
    mark: Irregularity | None = None

    def then(self, *expected: Event | StreamEvent) -> "Outcome":
        """Exactly these events happened, in this order; reservations have tests of their own."""
        assert self.refusal is None, self.refusal
        reserved = [
            e for e in self.events if isinstance(e, StreamEvent) and kind_of(e.stream) in RESERVED
        ]
        assert [e for e in self.events if e not in reserved] == list(expected)
        return self

    def claimed(self, **spans: list[str]) -> "Outcome":
        """Exactly these codes were claimed anew: `_<code>=["from until bearer", ...]`."""
        assert self.refusal is None, self.refusal
        claims: dict[str, list[str]] = {}
        for each in self.events:
            if isinstance(each, StreamEvent) and each.stream.startswith("code:"):
                claim: Any = each.event
                found = claims.setdefault(each.stream.replace("code:", "_"), [])
                for period in claim.periods:
                    until = period.effective_until or "on"
                    found.append(f"{period.effective_from} {until} {claim.bearer}")
        assert claims == spans
        return self

    def state(self, stream: str = "") -> Any:
        """The state of a stream after it, by default that of the command's own."""
        assert self.refusal is None, self.refusal
        return self.after[stream or self.stream]

    def irregular(self, *codes: str, **params: Any) -> None:
        """It breaks just these rules of procedure, and is recorded with a reason; the first of them
        is reported with these parameters."""
        assert isinstance(self.refusal, Irregular), self.refusal or f"nothing broken: {self.events}"
        assert tuple(each.code for each in self.refusal.breaches) == codes
        first = self.refusal.breaches[0]
        assert params.items() <= first.params.items()
        assert first.words.en.endswith(".")
        assert first.words.zh.endswith("。")
        assert unsaid_codes(first.words.zh) == set(), first.words.zh

    def refused(self, code: str, kind: type[Refused] = Refused, /, **params: Any) -> None:
        """It was refused by this rule, by an exception of exactly this kind, in whole sentences."""
        assert self.refusal is not None, f"not refused but {self.events}"
        assert type(self.refusal) is kind
        assert self.refusal.code == code
        assert params.items() <= self.refusal.params.items()
        assert self.refusal.words.en.endswith(".")
        assert self.refusal.words.zh.endswith("。")
        assert unsaid_codes(self.refusal.words.zh) == set(), self.refusal.words.zh


def unsaid_codes(zh: str) -> set[str]:
    """The policy's codes that a Chinese sentence shows without their titles. One may stand in
    brackets, behind what it stands for; be repeated where the policy has none such; be in an id."""
    rest = re.sub("（[^（）]*）|[a-z]+:[a-z0-9.-]+|没有[^；。]*|编号应为[^；。]*", "", zh)
    return CODES & set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", rest))


@dataclass(frozen=True)
class Given:
    """What is on record, stream by stream."""

    histories: Mapping[str, tuple[Event, ...]]
    stream: str

    def on(self, stream: str) -> "Given":
        """The same, but the events given, and the command, are of this stream."""
        own = {key: value for key, value in self.histories.items() if key != self.stream}
        return Given({**own, stream: self.histories.get(self.stream, ())}, stream)

    def at(self, stream: str) -> "Given":
        """The same, but the command that follows is one of this stream."""
        return replace(self, stream=stream)

    def with_(self, stream: str, *events: Event) -> "Given":
        """The same with these further events on another stream."""
        return replace(
            self,
            histories={**self.histories, stream: (*self.histories.get(stream, ()), *events)},
        )

    def after(self, stream: str, command: Command[Any], **circumstances: Any) -> "Given":
        """The same with whatever follows from a command that is not refused."""
        outcome = Given(self.histories, stream).when(command, **circumstances)
        assert outcome.refusal is None, outcome.refusal
        given = self
        for each in outcome.events:
            target, event = (
                (each.stream, each.event) if isinstance(each, StreamEvent) else (stream, each)
            )
            given = given.with_(target, event)
        return given

    def when(
        self,
        command: Command[Any],
        *,
        by: Role | None = None,
        person: str = "li",
        unit: str = "bureau",
        jurisdiction: str | None = None,
        today: date = TODAY,
        policy: Policy = POLICY,
        despite: str | None = None,
        in_place_of: str | None = None,
    ) -> Outcome:
        """Somebody asks for this, by default one who may in the whole city; in somebody's place,
        under a grant of that kind.
        The rule sees only the streams that the command consults."""
        role = by or _one_who_may(command, policy)
        asked: dict[str, Any] = {
            "unit": unit,
            "jurisdiction": jurisdiction or "c",
            "today": today,
            "policy": policy,
            "despite": despite,
        }
        nobody = self._asked(command, by="auditor", person="nobody", **asked)
        _require_turned_away(command, self._folded(self.stream), nobody)
        if in_place_of is None:
            return self._asked(command, by=role, person=person, **asked)
        deputy = AuthorityGranted(
            grant=DEPUTY,
            role=role,
            jurisdiction=asked["jurisdiction"],
            effective_from=BEGIN,
            effective_until=date.max,
            acting_for=in_place_of,
            granted_by="steward-1",
        )
        acting = self.with_(f"authority:{person}", deputy)
        return acting._asked(command, by=role, person=person, grant=DEPUTY, **asked)

    def _asked(
        self,
        command: Command[Any],
        *,
        by: Role,
        person: str,
        unit: str,
        jurisdiction: str,
        today: date,
        policy: Policy,
        despite: str | None,
        grant: str | None = None,
    ) -> Outcome:
        def context(consulted: Mapping[str, Subject]) -> DecisionContext:
            return DecisionContext(
                by=Acting(
                    actor=Actor(person=person, unit=unit),
                    authority=Authority(role=by, jurisdiction=jurisdiction, grant=grant),
                ),
                today=today,
                policy=policy,
                command_id="command-1",
                despite=despite,
                consulted=consulted,
            )

        decisions = Decisions(self.folded, subject)
        try:
            decided = decisions.decide(self.stream, command, context)
        except Refused as refusal:
            return Outcome(self.stream, refusal=refusal)
        events = (
            e.event if e.stream == self.stream else StreamEvent(e.stream, e.event) for e in decided
        )
        mark = decided[0].irregular
        return Outcome(self.stream, tuple(events), after=decisions.states, mark=mark)

    def folded(self, streams: Sequence[str]) -> Mapping[str, Subject]:
        """The states of these streams."""
        return {stream: self._folded(stream) for stream in streams}

    def _folded(self, stream: str) -> Subject:
        return subject(stream).fold(self.histories.get(stream, ()))


def _one_who_may(command: Command[Any], policy: Policy) -> Role:
    able = command.permission.roles(policy)
    return next(role for role in ("decider", *ROLES) if role in able)


def _require_turned_away(command: Command[Any], state: Subject, nobody: Outcome) -> None:
    """Authority comes before every rule: only that there is no such subject, or there is one
    already, is said to anybody."""
    if type(nobody.refusal) is NotAuthorised:
        return
    said = nobody.refusal
    assert said, f"{type(command).__name__} by somebody without a role recorded {nobody.events}"
    if said.code == "subject.not-on-record":
        assert said.params["stream"] == nobody.stream
        return
    assert state.version
    assert command.begins
    assert said.code == command.already_on_record(state).code


def given(*events: Event) -> Given:
    """The tree, and these events on the stream of the community `a`, or whichever `on` names."""
    return Given({**TREE, "community:a": events}, "community:a")
