"""One act of each kind about a later day, in a city that did all else before."""

from collections.abc import Iterator
from typing import Any

from tests.api.acts import (
    LATER,
    MEASURE,
    MERITS,
    OTHER_MEASURE,
    POLICY,
    RATING,
    RECORDED,
    WHO,
    Act,
    act,
    appraisal,
    round_of,
    work,
)
from tests.city import CITY, DISTRICT, SUBDISTRICT, SUBDISTRICT_2, TYPE
from tests.domain.rounds import APPRAISAL, VETO, points


def happened_later() -> Iterator[Act]:
    """One act of each kind about a later day, on what is on record by then."""
    yield from _of_communities()
    yield from _of_places_and_people()
    yield from _of_rounds()
    yield from _of_work()
    yield from _of_society()


def _of_communities() -> Iterator[Act]:
    yield act("community:f", "ApproveReclassification", proposal="pf", who="xu")
    yield act("community:g", "ReturnReclassification", proposal="pg", who="xu")
    yield act("community:g", "ReviseReclassification", proposal="pg", type=TYPE, who="wang")
    yield act("community:g", "WithdrawReclassification", proposal="pg", who="wang")
    yield act("community:h", "RejectReclassification", proposal="ph", who="xu")
    yield act("community:i", "EndorseReclassification", proposal="pi", who="wu")
    yield act(
        "community:k",
        "ProposeReclassification",
        proposal="pk",
        type=TYPE,
        origin="community",
        who="wang",
    )
    yield act(
        "community:p",
        "RegisterCommunity",
        name="新社区",
        subdistrict=SUBDISTRICT,
        code="510703001090",
    )
    yield act(
        "community:q",
        "ConvertVillage",
        name="村改居社区",
        subdistrict=SUBDISTRICT,
        code="510703001091",
        village_name="村",
    )
    yield act("community:l", "ClassifyCommunity", type=TYPE)
    yield act("community:k", "SetSubtype", subtype="resettlement")
    yield act("community:k", "SetFeatures", features=[TYPE])
    yield act("community:k", "RenameCommunity", name="改名社区")
    yield act("community:k", "RecodeCommunity", code="510703001092")
    yield act("community:k", "MoveCommunity", subdistrict=SUBDISTRICT_2)
    yield act("community:k", "DescribeBoundary", description="东至河")
    yield act("community:a", "SurveyProfile", indicators={"dwellings": 2500}, source="普查")
    yield act("community:p", "JoinLineage", predecessor="n", manner="reorganised")
    yield act("community:m", "AbolishUntil", effective_until="2026-06-01")
    yield act("community:j", "RestoreCommunity", code="510703001093")
    yield act("community:o", "RepealClassification", repeals=2, effective_until=LATER)
    yield act(
        "community:a",
        "SplitCommunity",
        survives=True,
        parts=[{"id": "a2", "name": "新分社区", "code": "510703001094"}],
    )


def _of_ends() -> Iterator[Act]:
    yield act("community:h", "MergeCommunity", into="g")
    yield act("community:e", "AbolishCommunity", successors=["g"])
    yield act(
        "community:b",
        "SplitCommunity",
        parts=[
            {"id": "b1", "name": "东社区", "code": "510703001095"},
            {"id": "b2", "name": "西社区", "code": "510703001096"},
        ],
    )


def _of_places_and_people() -> Iterator[Act]:
    yield act(
        "jurisdiction:new",
        "EstablishJurisdiction",
        level="subdistrict",
        name="新街道",
        parent=DISTRICT,
        code="510703009",
    )
    yield act(f"jurisdiction:{SUBDISTRICT}", "RenameJurisdiction", name="城中街道")
    yield act(f"jurisdiction:{SUBDISTRICT_2}", "RecodeJurisdiction", code="510703010")
    yield act("jurisdiction:town", "MoveJurisdiction", parent=DISTRICT)
    yield act("jurisdiction:township", "ReconstituteJurisdiction", level="town")
    yield act("jurisdiction:county", "DesignateSeatTown", town="township")
    yield act("jurisdiction:old", "DissolveJurisdiction")
    yield act("jurisdiction:gone", "RestoreJurisdiction", code="510703008")
    yield act("jurisdiction:left", "DissolveUntil", effective_until="2026-06-01")
    yield act("unit:u4", "RegisterUnit", name="四局", unit_kind="school", jurisdiction=DISTRICT)
    yield act("unit:u1", "RenameUnit", name="新名局")
    yield act("unit:u1", "RecodeUnit", credit_code="11990102MB0000001P")
    yield act("unit:u1", "ChangeUnitKind", unit_kind="school")
    yield act("unit:u1", "PlaceUnit", superior="u4")
    yield act("unit:u2", "MergeUnit", successor="u1")
    yield act("unit:u3", "DissolveUnit")
    yield act("person:sun", "RegisterPerson", name="孙", unit="u1", title="科员")
    yield act("person:zhao", "RenamePerson", name="赵云")
    yield act("person:zhao", "TakePost", unit="u4", title="局长")
    yield act("person:zhao", "LeavePost", post=2)
    yield act(
        "authority:qian",
        "GrantAuthority",
        role="reviewer",
        jurisdiction=DISTRICT,
        effective_from=RECORDED,
    )


def _of_rounds() -> Iterator[Act]:
    mark: dict[str, Any] = {"scored_on": LATER}
    yield from round_of("t", 2027)
    yield act("round:u", "OpenRound", communities=["i", "k"])
    yield act("round:s", "AdmitCommunities", communities=["f"])
    yield act(
        "review:s.a", "ScoreBySubdistrict", items=points(90), who="rev", **mark, at=SUBDISTRICT
    )
    yield act("review:s.a", "ReturnReview", who="dec", at=DISTRICT)
    yield act(
        "review:s.a", "ScoreBySubdistrict", items=points(80), who="rev", **mark, at=SUBDISTRICT
    )
    yield act("review:s.a", "ScoreByDistrict", items=points(80), who="dec", **mark, at=DISTRICT)
    yield act(
        "review:s.b", "ScoreBySubdistrict", items=points(20), who="rev", **mark, at=SUBDISTRICT_2
    )
    yield act("review:s.b", "ScoreByDistrict", items=points(20), who="dec", **mark, at=DISTRICT)
    yield act("review:s.g", "SelfAssess", items=points(70), who="rec", **mark, at=SUBDISTRICT)
    yield act(
        "review:s.g", "ScoreBySubdistrict", items=points(70), who="rev", **mark, at=SUBDISTRICT
    )
    yield act("review:s.g", "ScoreByDistrict", items=points(70), who="dec", **mark, at=DISTRICT)
    yield act(
        "review:s.f", "RecordAppraisal", assemblies=appraisal(LATER), who="rec", at=SUBDISTRICT
    )
    yield act("review:s.f", "WithdrawReview")
    yield act("review:s.e", "WithdrawReview")
    yield act("round:s", "CloseStage", stage=APPRAISAL)
    yield act("round:s", "OpenStage", stage=APPRAISAL)
    yield act("round:s", "GradeCity")
    yield act("round:s", "PublishResults")
    for objection in ("o1", "o2", "o3"):
        yield act("review:s.a", "FileObjection", objection=objection, grounds=objection)
    yield act("review:s.a", "DecideObjection", objection="o1", outcome="upheld", who="arb")
    yield act("review:s.a", "SettleObjection", objection="o1", corrections=[], who="arb")
    yield act("review:s.a", "DecideObjection", objection="o2", outcome="dismissed", who="arb")
    yield act("review:s.a", "WithdrawObjection", objection="o3")
    yield act("review:s.g", "ImposeVeto", veto=VETO)
    yield act("round:s", "RegradeCity")
    yield act("round:s", "CloseRound", closed_on="2026-06-20")
    yield act("support:r.b", "AssignSupporter", assignment="m", kind="agency-pairing", unit="u1")
    yield act("support:r.b", "EndAssignment", assignment="l")
    yield act(
        "support:r.b",
        "PlanSupport",
        aim="再晋位",
        milestones=[
            {"milestone": "m", "title": "补建", "due_on": "2026-06-30"},
            {"milestone": "m2", "title": "扩建", "due_on": "2026-08-30"},
        ],
    )
    yield act("support:r.b", "AssignSupportTasks", milestone="m2", tasks=[work()])
    yield act("support:r.b", "ReachMilestone", milestone="m")
    yield act("support:r.b", "ReportSupport")
    yield act("support:r.b", "ConcludeSupport", next_round="s", consequence="通报")
    yield act("support:s.b", "BeginSupport")
    yield act("support:s.b", "EndSupport")


def _of_work() -> Iterator[Act]:
    programme = f"programme:{CITY}.2024"
    yield act("task:new", "AssignTask", title="巡查", community="a", **WHO)
    for id, name, more in (
        ("accept", "AcceptTask", {}),
        ("progress", "RecordTaskProgress", {"percent": 70}),
        ("report", "ReportTask", {}),
        ("close", "CloseOutTask", {}),
        ("return", "ReturnTask", {}),
        ("extend", "ExtendTaskDeadline", {}),
        ("reassign", "ReassignTask", {"unit": "u1", "person": "qian"}),
        ("cancel", "CancelTask", {}),
    ):
        yield act(
            f"task:{id}",
            name,
            who="li" if name in ("CloseOutTask", "ReturnTask") else "zhao",
            **more,
        )
    measure = f"measure:e.{MEASURE}"
    yield act("measure:g." + OTHER_MEASURE, "AdoptMeasure", community="g", measure=OTHER_MEASURE)
    yield act(measure, "PlanMeasure", plan="修缮", **WHO)
    yield act(measure, "AssignMeasureTasks", tasks=[work()])
    yield act(measure, "CloseMeasure", ending="given-up")
    yield act("measure:e." + OTHER_MEASURE, "ReadoptMeasure")
    yield act(f"measure:b.{POLICY.community_type(TYPE).measures[0].code}", "CarryMeasureOver")
    yield act(programme, "ReviseProgrammeItem", item="i0", **WHO, title="改建")
    yield act(programme, "AssignItemTasks", item="i2", tasks=[work()])
    yield act(f"programme:{DISTRICT}.2024", "CloseProgramme", at=DISTRICT)
    yield act(
        f"programme:{DISTRICT}.2025",
        "RecordConsultation",
        consulted_from=LATER,
        consulted_until="2026-03-20",
        replies=7,
    )
    yield act(f"programme:{DISTRICT}.2025", "AddProgrammeItem", item="d2", title="路灯", **WHO)
    yield act(f"programme:{DISTRICT}.2025", "DropProgrammeItem", item="d1")
    yield act(f"programme:{DISTRICT}.2025", "AdoptProgramme", at=DISTRICT)
    yield act(f"programme:{DISTRICT}.2026", "DraftProgramme", jurisdiction=DISTRICT, year=2026)
    yield act("council:a", "JoinCouncil", member="clinic")
    yield act("council:a", "LeaveCouncil", member="bank")
    yield act("council:a", "SetAgenda", session="t0", agenda=["停车", "路灯"])
    yield act("council:a", "HoldSession", session="t0", present=["school", "clinic"])
    yield act("council:a", "RecordMinutes", session="t0")
    yield act("council:a", "AmendMinutes", session="s0")
    yield act("council:a", "AdoptResolution", session="t0", tasks=[work()])
    yield act("council:a", "ConveneSession", session="t1", scheduled_on="2026-04-30")
    yield act("council:a", "CancelSession", session="t1")
    yield act("council:b", "DissolveCouncil")
    yield act(
        "council:e",
        "FoundCouncil",
        community="e",
        council_kind="resident-units",
        members=["school", "bank"],
    )


def _of_society() -> Iterator[Act]:
    partner = "partnership:p"
    yield act("partnership:q", "RenewAgreement", effective_from="2026-08-01")
    yield act("partnership:q", "EndAgreement", effective_until="2026-09-01")
    yield act("partnership:n", "SignAgreement", community="b", unit="middle")
    yield act(partner, "RenewAgreement", effective_from="2027-01-01")
    yield act(partner, "StateNeed", need="n4", by="community")
    yield act(partner, "CloseNeed", need="n3", met=True)
    yield act(partner, "OfferResource", resource="bus", by="unit")
    yield act(partner, "WithdrawResource", resource="hall")
    yield act(partner, "GiveFeedback", by="community")
    yield act(partner, "AppraisePartner", by="community", rating=RATING)
    yield act(partner, "OpenFacility", facility="pool", facility_kind="sports", name="泳池")
    yield act(partner, "CloseFacility", facility="gym")
    yield act(partner, "ListProject", project="u")
    yield act(partner, "ClaimProject", project="v", by="unit", person="zhao")
    yield act(partner, "ReleaseProject", project="y")
    yield act(partner, "DeliverProject", project="x")
    yield act(partner, "EvaluateProject", project="z", rating=RATING, who="wang")
    yield act(partner, "DropProject", project="y")
    checkin = "checkin:k"
    yield act(checkin, "MakePledge", pledge="g2")
    yield act(checkin, "FulfilPledge", pledge="g1")
    yield act(checkin, "RecordService")
    yield act(checkin, "SendFeedback", period_from="2026-01-01")
    yield act(checkin, "AskOpinion", opinion="o3", about="honours")
    yield act(checkin, "GiveOpinion", opinion="o2", stance="supports", at=SUBDISTRICT)
    yield act(checkin, "RecordCheckOut")
    yield act(
        "checkin:n",
        "RecordCheckIn",
        community="a",
        participant="member",
        unit="u1",
        person="qian",
    )
    yield act("exemplar:e", "NominateExemplar", community="f", title="样", merits=MERITS)
    yield act("exemplar:n", "DesignateExemplar", who="arb")
    yield act("exemplar:d", "DeclineExemplar", who="arb")
    yield act("exemplar:w", "WithdrawExemplar")
    yield act("exemplar:x", "ShareExperience")
    yield act(
        "honour:n1", "HonourHousehold", community="a", household="2-202", honour="civilised-family"
    )
    yield act("honour:n2", "PostOnBoard", community="a", board="red", conduct="义诊")
    yield act("honour:h2", "WithdrawHonour")
    yield act("honour:b2", "RectifyBoardEntry")
    yield act("honour:b3", "RemoveBoardEntry")
    yield act("authority:zhao", "RevokeAuthority", grant="g")
    yield from _of_ends()
