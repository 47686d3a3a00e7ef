"""Whatever is asked for, in whatever order: it is refused, or it folds and the rules still hold."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain.catalogue import EVENTS, subject
from domain.classification.classification import (
    AnnulClassification,
    ClassifyCommunity,
    CorrectClassification,
    RepealClassification,
    SetSubtype,
)
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
    ReturnReclassification,
    ReviseReclassification,
    WithdrawReclassification,
)
from domain.community.corrections import (
    AnnulEntry,
    CorrectCode,
    CorrectName,
    CorrectPlace,
    CorrectRegistration,
)
from domain.community.identity import (
    ConvertVillage,
    DescribeBoundary,
    MoveCommunity,
    RecodeCommunity,
    RegisterCommunity,
    RenameCommunity,
)
from domain.community.lineage import (
    AbolishCommunity,
    JoinLineage,
    MergeCommunity,
    Part,
    RestoreCommunity,
    SplitCommunity,
)
from domain.community.profile import CorrectProfile, SurveyProfile
from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import Acting, Actor, Authority, DecisionContext
from domain.kernel.decision import Decisions
from domain.kernel.event import Event
from domain.kernel.policy import Policy
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.kernel.timeline import DateSpan
from tests.domain.given import CODE, CODE_2, CODE_3, POLICY, TREE

DAYS = st.sampled_from([date(2018 + year, month, 1) for year in range(5) for month in (1, 7)])
IDS = st.sampled_from(["a", "b", "c"])
CODES = st.sampled_from([CODE, CODE_2, CODE_3, None])
NAMES = st.sampled_from(["甲社区", "乙社区", "丙社区"])
PLACES = st.sampled_from(["s1", "s2", "t1", "d1"])
TYPES = st.sampled_from(["old-courtyard", "urban-rural", "commercial-housing"])
ENTRIES = st.integers(1, 9)
INDICATORS = st.fixed_dictionaries({"dwellings": st.integers(1, 3)})
WHY = st.just("理由")


def stated(command: type[Command[Any]], **fields: Any) -> st.SearchStrategy[Command[Any]]:
    return st.builds(command, **fields)


COMMANDS: st.SearchStrategy[Command[Any]] = st.one_of(
    stated(RegisterCommunity, name=NAMES, code=CODES, subdistrict=PLACES, effective_from=DAYS),
    stated(
        ConvertVillage,
        name=NAMES,
        code=CODES,
        subdistrict=PLACES,
        village_name=NAMES,
        effective_from=DAYS,
    ),
    stated(RenameCommunity, name=NAMES, effective_from=DAYS),
    stated(RecodeCommunity, code=CODES, effective_from=DAYS),
    stated(MoveCommunity, subdistrict=PLACES, effective_from=DAYS),
    stated(DescribeBoundary, description=NAMES, effective_from=DAYS),
    stated(MergeCommunity, into=IDS, effective_from=DAYS),
    stated(
        SplitCommunity,
        parts=st.lists(st.builds(Part, name=NAMES, code=CODES), min_size=1, max_size=2).map(tuple),
        survives=st.booleans(),
        effective_from=DAYS,
    ),
    stated(AbolishCommunity, effective_from=DAYS),
    stated(RestoreCommunity, effective_from=DAYS, code=CODES),
    stated(JoinLineage, predecessor=IDS, manner=st.just("renamed"), reason=WHY),
    stated(CorrectName, corrects=ENTRIES, name=NAMES, effective_from=DAYS, reason=WHY),
    stated(CorrectCode, corrects=ENTRIES, code=CODES, effective_from=DAYS, reason=WHY),
    stated(CorrectPlace, corrects=ENTRIES, subdistrict=PLACES, effective_from=DAYS, reason=WHY),
    stated(CorrectRegistration, corrects=ENTRIES, effective_from=DAYS, reason=WHY),
    stated(AnnulEntry, annuls=ENTRIES, reason=WHY),
    stated(SurveyProfile, surveyed_on=DAYS, indicators=INDICATORS, source=NAMES),
    stated(
        CorrectProfile,
        corrects=ENTRIES,
        surveyed_on=DAYS,
        indicators=INDICATORS,
        source=NAMES,
        reason=WHY,
    ),
    stated(ClassifyCommunity, type=TYPES, effective_from=DAYS),
    stated(SetSubtype, subtype=st.sampled_from(["resettlement", None]), effective_from=DAYS),
    stated(CorrectClassification, corrects=ENTRIES, type=TYPES, effective_from=DAYS, reason=WHY),
    stated(AnnulClassification, annuls=ENTRIES, reason=WHY),
    stated(RepealClassification, repeals=ENTRIES, effective_until=DAYS, reason=WHY),
    stated(
        ProposeReclassification,
        proposal=st.just("p"),
        type=TYPES,
        effective_from=DAYS,
        reason=WHY,
        origin=st.just("community"),
    ),
    stated(EndorseReclassification, proposal=st.just("p")),
    stated(ReturnReclassification, proposal=st.just("p"), reason=WHY),
    stated(
        ReviseReclassification,
        proposal=st.just("p"),
        type=TYPES,
        effective_from=DAYS,
        reason=WHY,
    ),
    stated(WithdrawReclassification, proposal=st.just("p"), reason=WHY),
    stated(ApproveReclassification, proposal=st.just("p"), effective_from=DAYS),
)
MAY = ("may_classify", "may_propose", "may_endorse", "may_decide")
ROLES = POLICY.classification.model_copy(update=dict.fromkeys(MAY, ("decider",)))
ANYBODY = POLICY.model_copy(update={"classification": ROLES})

BEGIN = date(2018, 1, 1)
TWO_STAND: list[tuple[str, Command[Any]]] = [
    ("a", RegisterCommunity(name="甲社区", code=CODE, subdistrict="s1", effective_from=BEGIN)),
    ("b", RegisterCommunity(name="乙社区", code=CODE_2, subdistrict="s1", effective_from=BEGIN)),
    ("a", ClassifyCommunity(type="urban-rural", effective_from=BEGIN)),
]


class City:
    """States in memory; every command is asked of it by another person, or by the one named."""

    policy: Policy = ANYBODY

    def __init__(self) -> None:
        self.states = {stream: subject(stream).fold(events) for stream, events in TREE.items()}
        self.asked = 0
        self.refusals: list[Refused] = []

    def ask(self, stream: str, command: Command[Any], person: str = "") -> list[tuple[str, Event]]:
        """What happened; nothing when it was refused."""
        self.asked += 1
        state = self.state(stream)
        command = self.fitting(command, state)
        read: set[str] = set()

        def load(streams: Sequence[str]) -> dict[str, Subject]:
            read.update(streams)
            return {each: self.state(each) for each in streams}

        decisions = Decisions(load, subject)
        try:
            decided = decisions.decide(stream, command, partial(self._context, person))
        except Refused as refusal:
            self.refusals.append(refusal)
            return []
        for each in decided:
            # Every stream written was looked at, unless the command begins it.
            assert each.stream in read or not self.state(each.stream).version
        self.states |= {each.stream: decisions.states[each.stream] for each in decided}
        return [(each.stream, each.event) for each in decided]

    def _context(self, person: str, consulted: Mapping[str, Subject]) -> DecisionContext:
        return DecisionContext(
            by=Acting(
                actor=Actor(person=person or f"person-{self.asked}", unit="bureau"),
                authority=Authority(role="decider", jurisdiction="d1"),
            ),
            today=date(2024, 6, 30),
            policy=self.policy,
            command_id=f"command-{self.asked}",
            consulted=consulted,
        )

    def fitting(self, command: Command[Any], state: Any) -> Command[Any]:
        """The command with what it names brought among what is on record."""
        return _naming_an_entry(command, state.version)

    def state(self, stream: str) -> Subject:
        return self.states.get(stream) or subject(stream)

    def communities(self) -> Iterator[Community]:
        return (state for state in self.states.values() if isinstance(state, Community))


def _naming_an_entry(command: Command[Any], version: int) -> Command[Any]:
    """The command with the entry that it names brought among those on record."""
    for name in ("corrects", "annuls", "repeals"):
        if version and name in vars(command):
            entry = vars(command)[name] % version + 1
            return command.model_copy(update={name: entry})
    return command


@settings(max_examples=150, deadline=None)
@any_of(st.lists(st.tuples(IDS, COMMANDS), min_size=1, max_size=30))
def test_any_sequence_of_commands_is_refused_or_folds(asked: list[tuple[str, Any]]) -> None:
    city = City()
    entries: dict[str, list[Event]] = {}
    for id, command in [*TWO_STAND, *asked]:
        for stream, event in city.ask(f"community:{id}", command):
            entries.setdefault(stream, []).append(event)
        codes_belong_to_one_bearer(city)
        lives_are_sound(city)
    assert all(refusal.words.en.endswith(".") for refusal in city.refusals)
    assert all(refusal.words.zh.endswith("。") for refusal in city.refusals)
    for stream, events in entries.items():
        assert subject(stream).fold(events) == city.state(stream)
        assert city.state(stream).version == len(events)
        for event in events:
            recorded = event.model_dump_json(exclude_none=True)
            assert EVENTS[type(event).__name__].model_validate_json(recorded) == event


def codes_belong_to_one_bearer(city: City) -> None:
    """What the code streams say is what the communities bear, and no two bear one at once."""
    claimed = {
        (stream.removeprefix("code:"), bearer, span)
        for stream, state in city.states.items()
        if stream.startswith("code:")
        for bearer, spans in vars(state)["claims"].items()
        for span in spans
    }
    borne = {
        (code, community.stream, span)
        for community in city.communities()
        for code, spans in community.code_spans().items()
        for span in spans
    }
    assert claimed == borne
    for code, bearer, span in borne:
        for other_code, other, taken in borne:
            if code == other_code and bearer != other:
                assert not DateSpan(*span).shared(taken)


def lives_are_sound(city: City) -> None:
    """On every day on which a community stands, it has a name and lies somewhere."""
    for community in city.communities():
        community.require_sound_lifetime()
        for span in community.standing.spans("active"):
            assert community.names.on(span.effective_from)
            assert community.subdistricts.on(span.effective_from)
