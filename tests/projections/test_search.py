"""What search finds: what entries state, as of any day, as known at any position, in scope."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import EVENTS
from domain.community.corrections import AnnulEntry, CorrectCode, CorrectName, CorrectRegistration
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import HoldSession
from domain.kernel.command import Command
from domain.kernel.context import Document
from domain.partnership.agreement import CorrectPartnershipEntry, SignAgreement
from domain.person.registration import RegisterPerson, RenamePerson
from projections import hits, search, timeline
from projections.all import PROJECTIONS
from projections.engine.bigrams import fold, grams, terms, within
from projections.engine.days import effective_on
from projections.engine.scope import WHOLE_CITY, Scope
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from projections.pinyin import initials
from projections.search import DAY, STATED, stated_by
from record.store.entry import AnyEntry
from record.store.record import Record
from tests.city import BEGIN, LI, SUBDISTRICT, SUBDISTRICT_2, register, rename
from tests.projections.work import WHY, Do, convene, council, day

TODAY = date(2024, 7, 1)
WORDS = st.text("社区电梯aA1１，。 %_\\𠮷", max_size=12)
Found = set[tuple[str, str, str, int]]


@given(WORDS, WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_a_text_has_the_pairs_of_all_its_parts_and_its_fold_is_as_long(
    before: str, part: str, after: str
) -> None:
    text = before + part + after

    assert len(fold(text)) == len(text)
    assert set(grams(fold(part))) <= set(grams(fold(text)))
    assert fold(part) in fold(text)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("　电梯　Ａb 电梯 ", ("电梯", "ab")),
        ("。，%_\\", ()),
        ("“电梯”、", ("电梯",)),
        ("安民发〔２０２３〕3号", ("安民发〔2023〕3号",)),
        ("5_0%", ("5_0",)),
        ("一 二 三 四 五 六 七 八 九", tuple("一二三四五六七八")),
        ("会" * 200, ("会" * 200,)),
    ],
)
def test_words_are_looked_for_without_the_signs_around_them(asked: str, wanted: Any) -> None:
    assert terms(asked) == wanted


def test_marks_that_overlap_are_one() -> None:
    assert within("加装电梯停车", ("电梯", "梯停", "加")) == [(0, 1), (2, 5)]


def test_every_field_of_words_is_one_of_its_event() -> None:
    for event, stated in STATED.items():
        assert event in EVENTS.values()
        assert {*stated.fields, *filter(None, [stated.part])} <= event.model_fields.keys()


def plain(entries: list[AnyEntry], q: str, on: date) -> Found:
    """What a plain scan finds of the words of these entries."""
    annulled = {(e.stream, vars(e.event)["annuls"]) for e in entries if "annuls" in vars(e.event)}
    annulled |= {
        (a.stream, a.version)
        for a in entries
        for n in entries
        if (a.name, n.name) == ("ResolutionAdopted", "ResolutionAnnulled")
        and vars(a.event)["resolution"] == vars(n.event)["resolution"]
    }
    sound = [e for e in entries if (e.stream, e.version) not in annulled]
    anew = {
        (e.stream, vars(e.event)["corrects"], field): e
        for e in sound
        if "corrects" in vars(e.event)
        for field in stated_by(e.event)
    }
    days = {(e.stream, e.version): effective_on(e) for e in entries}
    found: Found = set()
    for e in sound:
        since = days[e.stream, e.version]
        if e.name == "PersonRegistered":
            since = date.min
        elif e.name == "PartnershipEntryCorrected":
            since = days[e.stream, vars(e.event)["corrects"]]
        elif moved := anew.get((e.stream, e.version, DAY)):
            since = effective_on(moved)
        if since > on:
            continue
        for field, text in stated_by(e.event).items():
            named = initials(text) if field == "name" and e.stream[:5] in ("perso", "unit:") else ()
            if (e.stream, e.version, field) not in anew and any(
                fold(q) in fold(each) for each in (text, *named) if each
            ):
                stated = STATED[type(e.event)]
                part = vars(e.event)[stated.part] if stated.part else ""
                found.add((stated.kind, e.stream, part, e.position))
        for document in e.basis:
            if e.stream.split(":")[0] != "code" and fold(q) in fold(
                f"{document.title}\n{document.number}"
            ):
                found.add(("document", document.title, "", e.position))
    return found


def ask_all(view: Any, q: str, on: date) -> set[tuple[str, str, str]]:
    shown = search.found(view, terms(q), effective=on, limit=200)
    kinds: dict[str, int] = {}
    for each in shown:
        kinds[each.kind] = kinds.get(each.kind, 0) + 1
    assert {each.kind: each.of_kind for each in shown} == kinds
    return {
        (each.kind, each.text.partition("\n")[0], "")
        if each.kind == "document"
        else (each.kind, each.stream, each.part)
        for each in shown
    }


def lived(record: Record, do: Do) -> list[int]:
    """Names, codes, minutes and more, some of them corrected, moved and annulled; answers with some
    of the positions on the way."""
    renamed = do("community:a", rename("临江社区", day("2020-01-01")))
    steps: list[Command[Any]] = [
        CorrectCode(corrects=1, code=None, effective_from=BEGIN, reason=WHY),
        CorrectName(corrects=1, name="甲甲社区", effective_from=BEGIN, reason=WHY),
        CorrectRegistration(corrects=1, effective_from=day("2019-01-01"), reason=WHY),
        CorrectName(corrects=2, name="临溪社区", effective_from=day("2020-02-01"), reason=WHY),
    ]
    corrected = [do("community:a", step) for step in steps]
    version = record.state("community:a").version
    annulled = do("community:a", AnnulEntry(annuls=version, reason=WHY))
    meeting(do)
    resolved = do("council:j1", AdoptResolution(session="s1", text="加装电梯两部"), "recorder")
    (resolution,) = record.state("council:j1").resolutions
    gone = AnnulResolution(resolution=resolution, annulled_on=day("2024-03-01"), reason=WHY)
    do("council:j1", gone, "recorder")
    person(do)
    do("person:ln", RenamePerson(name="李楠", effective_from=day("2022-01-01")), "arbiter")
    sign = SignAgreement(
        community="a",
        unit="university",
        title="校社共建",
        signed_on=day("2023-08-01"),
        effective_from=day("2023-08-01"),
    )
    signed = do("partnership:p", sign, "recorder")
    retitle = CorrectPartnershipEntry(corrects=1, changes={"title": "校社结对共建"}, reason=WHY)
    do("partnership:p", retitle, "recorder")
    return [renamed, *corrected[2:], annulled, resolved, signed, record.head()]


def meeting(do: Do, text: str = "议定加装电梯。") -> None:
    """A session with minutes in two versions."""
    council(do)
    convene(do, "s1", "2024-01-02", "2024-01-10")
    for command in (
        HoldSession(session="s1", held_on=day("2024-01-10"), present=("school",)),
        RecordMinutes(session="s1", recorded_on=day("2024-01-11"), text=text),
        AmendMinutes(
            session="s1", amended_on=day("2024-02-01"), text=f"{text}修路灯。", reason=WHY
        ),
    ):
        do("council:j1", command, "recorder")


def person(do: Do) -> None:
    """An official on record."""
    registered = RegisterPerson(name="李娜", unit="office", title="科员", effective_from=BEGIN)
    do("person:ln", registered, "arbiter")


def test_what_is_found_is_what_a_plain_scan_finds_on_every_day_and_at_every_position(
    record: Record, models: ReadModels, do: Do
) -> None:
    positions = lived(record, do)
    catch_up(record.url, PROJECTIONS)
    with models.view() as view:
        entries = timeline.entries(view, after=0, limit=10_000)
    asked = (
        "甲社区 甲甲 临江 临溪 510703001001 电梯 路灯 李娜 李楠 ln 校社 结对 设置 绵民〔2021〕 社"
    )
    found = set()
    for known in positions:
        told = [each for each in entries if each.position <= known]
        with models.view(known=known) as view:
            for on in ("2018-06-01", "2020-01-15", "2024-12-01"):
                for q in asked.split():
                    shown = ask_all(view, q, date.fromisoformat(on))
                    scanned = plain(told, q, date.fromisoformat(on))
                    assert shown == {each[:3] for each in scanned}, (q, known, on)
                    found |= {q} if shown else set()
    assert found == set(asked.split())


def test_a_reader_finds_nothing_out_of_scope_and_is_told_no_number_of_it(
    record: Record, models: ReadModels
) -> None:
    letter = (Document(issuer="城北街道", title="关于加装电梯的请示", number="城北〔2024〕9号"),)
    for id, subdistrict, basis in (("a", SUBDISTRICT, ()), ("b", SUBDISTRICT_2, letter)):
        command = register(f"{id}号电梯社区", f"51070300{id == 'b':d}001", subdistrict=subdistrict)
        record.carry_out(f"community:{id}", command, by=LI, basis=basis)
    catch_up(record.url, PROJECTIONS)

    def seen(scope: Scope) -> dict[str, tuple[int, list[str]]]:
        with models.view(scope=scope) as view:
            shown = search.found(view, ("电梯",), effective=TODAY, limit=10)
            named = hits.shown(view, shown, ("电梯",), effective=TODAY)
        counted = {each.kind: each.count for each in hits.counts(shown)}
        return {
            kind: (count, [each.name or "" for each in named if each.kind == kind])
            for kind, count in counted.items()
        }

    letters = (1, ["关于加装电梯的请示"])
    assert seen(Scope(SUBDISTRICT, TODAY)) == {"community": (1, ["a号电梯社区"])}
    assert seen(Scope("b", TODAY)) == {"community": (1, ["b号电梯社区"]), "document": letters}
    assert seen(WHOLE_CITY) == {
        "community": (2, ["b号电梯社区", "a号电梯社区"]),
        "document": letters,
    }


def test_a_passage_is_bounded_and_marks_what_was_looked_for_in_it(
    record: Record, models: ReadModels, do: Do
) -> None:
    meeting(do, f"{'会' * 500}\n加装电梯{'议' * 500}")
    person(do)
    catch_up(record.url, PROJECTIONS)

    with models.view() as view:
        minutes, official = (
            hits.shown(
                view, search.found(view, (q,), effective=TODAY, limit=1), (q,), effective=TODAY
            )[0]
            for q in ("电梯", "ln")
        )
    (mark,) = minutes.marks
    assert minutes.passage[mark.begin : mark.end] == "电梯"
    assert len(minutes.passage) == 102
    assert (minutes.name, minutes.part, minutes.id) == ("驻区单位联席会议", "s1", "j1")
    assert [official.passage[each.begin : each.end] for each in official.marks] == ["李娜"]
    assert official.effective_on is None
