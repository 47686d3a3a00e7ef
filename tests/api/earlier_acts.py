"""What a lively city did by some day, more than makes a life (tests/projections/life.py)."""

from collections.abc import Iterator
from typing import Any

from tests.api.acts import (
    BEFORE,
    MERITS,
    OTHER_MEASURE,
    PLACE_OF,
    WHO,
    Act,
    act,
    appraisal,
    round_of,
    work,
)
from tests.city import CITY, DISTRICT, SUBDISTRICT, TYPE, TYPE_2
from tests.domain.rounds import STAGES, points

STEP_FIELDS: dict[str, dict[str, Any]] = {"RecordTaskProgress": {"percent": 30}}
# Tasks by what is done to them later; all but the first are done so far.
TASK_STEPS: dict[str, tuple[str, ...]] = {
    "accept": (),
    "progress": ("AcceptTask",),
    "report": ("AcceptTask", "RecordTaskProgress"),
    "close": ("AcceptTask", "ReportTask"),
    "return": ("AcceptTask", "ReportTask"),
    "extend": ("AcceptTask",),
    "reassign": ("AcceptTask",),
    "cancel": (),
}


def happened_before() -> Iterator[Act]:
    """What makes a life (tests/projections/life.py) livelier, by `BEFORE`."""
    yield from _communities()
    yield from _places_and_people()
    yield from _rounds()
    yield from _work()
    yield from _society()


def _communities() -> Iterator[Act]:
    for number, id in enumerate("fghijklmno", start=50):
        where = {"subdistrict": SUBDISTRICT, "code": f"510703001{number:03}"}
        began = {"effective_from": "2018-01-01"}
        yield act(f"community:{id}", "RegisterCommunity", name=f"{id}社区", **where, **began)
    for id in "fghiko":
        type = "urban-rural" if id == "k" else TYPE_2
        yield act(f"community:{id}", "ClassifyCommunity", type=type, effective_from="2021-03-31")
    yield act("community:j", "AbolishCommunity", effective_from="2022-05-01")
    for id in "fghi":
        yield act(
            f"community:{id}",
            "ProposeReclassification",
            proposal=f"p{id}",
            type=TYPE,
            origin="community",
            who="wang",
        )
    for id in "fgh":
        yield act(f"community:{id}", "EndorseReclassification", proposal=f"p{id}", who="wu")


def _places_and_people() -> Iterator[Act]:
    for level, name, parent, code in (
        ("county", "county", CITY, "510722"),
        ("town", "town", "county", "510722100"),
        ("township", "township", "county", "510722200"),
        ("subdistrict", "old", DISTRICT, "510703007"),
        ("subdistrict", "gone", DISTRICT, "510703008"),
    ):
        yield act(
            f"jurisdiction:{name}",
            "EstablishJurisdiction",
            level=level,
            name=name,
            parent=parent,
            code=code,
            effective_from="2000-01-01",
        )
    yield act("jurisdiction:gone", "DissolveJurisdiction", effective_from="2023-01-01")
    for id in ("u1", "u2", "u3"):
        yield act(
            f"unit:{id}",
            "RegisterUnit",
            name=f"{id}局",
            unit_kind="institution",
            jurisdiction=DISTRICT,
            effective_from="2000-01-01",
        )
    for id in ("qian",):
        yield act(
            f"person:{id}",
            "RegisterPerson",
            name=id,
            unit="u1",
            title="科长",
            effective_from="2021-01-01",
        )
    yield act(
        "authority:zhao",
        "GrantAuthority",
        role="recorder",
        jurisdiction=DISTRICT,
    )


def _rounds() -> Iterator[Act]:
    yield act("review:r.e", "DecideObjection", objection="o", outcome="dismissed", who="arb")
    yield act("round:r", "CloseRound")
    yield from round_of("u", 2021)
    yield from round_of("s", 2025)
    yield act("round:s", "OpenRound", communities=["a", "b", "e", "g"])
    for stage in STAGES:
        yield act("round:s", "OpenStage", stage=stage)
    for id in "abeg":
        yield act(
            f"review:s.{id}",
            "RecordAppraisal",
            assemblies=appraisal(BEFORE),
            who="rec",
            at=PLACE_OF[id],
        )
    for id in "abe":
        yield act(f"review:s.{id}", "SelfAssess", items=points(90), who="rec", at=PLACE_OF[id])
    yield act(
        "support:r.b", "AssignSupporter", assignment="l", kind="leader-sponsorship", person="zhao"
    )


def _work() -> Iterator[Act]:
    yield act("council:a", "ConveneSession", session="t0", scheduled_on="2026-03-03")
    yield act("council:a", "AdoptResolution", session="s1", text="建车棚", tasks=[work()])
    for id, steps in TASK_STEPS.items():
        yield act(
            f"task:{id}",
            "AssignTask",
            title="巡查",
            community="a",
            **WHO,
            due_on="2025-06-20",
            assigned_on="2025-06-03",
        )
        for step in steps:
            yield act(f"task:{id}", step, who="zhao", **STEP_FIELDS.get(step, {}))
    for year in (2024, 2025):
        draft = f"programme:{DISTRICT}.{year}"
        yield act(draft, "DraftProgramme", jurisdiction=DISTRICT, year=year)
        yield act(
            draft,
            "RecordConsultation",
            consulted_from="2025-06-02",
            consulted_until="2025-06-11",
            replies=9,
        )
        yield act(draft, "AddProgrammeItem", item="d1", title="车棚", **WHO)
    draft = f"programme:{DISTRICT}.2024"
    yield act(draft, "AdoptProgramme", at=DISTRICT)
    yield act(draft, "AssignItemTasks", item="d1", tasks=[work()], at=DISTRICT)
    for step in ("AcceptTask", "ReportTask", "CloseOutTask"):
        yield act("task:newest", step, who="li" if step == "CloseOutTask" else "zhao")


def _society() -> Iterator[Act]:
    yield act(
        "partnership:p", "RenewAgreement", effective_from="2024-08-01", effective_until="2027-01-01"
    )
    yield act("partnership:p", "OfferResource", resource="hall", by="unit")
    yield act("partnership:p", "OpenFacility", facility="gym", facility_kind="sports", name="馆")
    yield act("partnership:p", "StateNeed", need="n3", by="unit")
    for id in ("y", "z", "v"):
        yield act("partnership:p", "ListProject", project=id, title=f"项目{id}")
    for id in ("y", "z"):
        yield act("partnership:p", "ClaimProject", project=id, by="unit", person="zhao")
    yield act("partnership:p", "DeliverProject", project="z")
    yield act("checkin:k", "MakePledge", pledge="g1", due_on="2025-06-20")
    yield act("checkin:k", "AskOpinion", opinion="o2", about="honours", who="wu")
    for id, community in (("n", "b"), ("w", "e"), ("d", "g")):
        yield act(
            f"exemplar:{id}",
            "NominateExemplar",
            community=community,
            title=f"样本{id}",
            merits=MERITS,
        )
    yield act("exemplar:w", "DesignateExemplar", who="arb")
    yield act(
        "honour:h2", "HonourHousehold", community="a", household="1-101", honour="civilised-family"
    )
    yield act(
        "honour:b2",
        "PostOnBoard",
        community="a",
        board="black",
        conduct="乱停车",
        legal_basis="公约",
        posted_until="2025-07-01",
    )
    yield act("honour:b3", "PostOnBoard", community="a", board="red", conduct="让座")
    yield act("measure:e." + OTHER_MEASURE, "AdoptMeasure", community="e", measure=OTHER_MEASURE)
    yield act("measure:e." + OTHER_MEASURE, "CloseMeasure", ending="given-up")
    yield act("community:a", "SurveyProfile", indicators={"dwellings": 2400}, source="普查")
