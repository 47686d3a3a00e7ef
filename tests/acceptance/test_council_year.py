"""A council's year through the doors (section three, five 2): four quarters, one of them missed."""

from typing import Any

import pytest

from domain.kernel.policy import built_in
from tests.api.clerk import Clerk

pytestmark = [pytest.mark.acceptance, pytest.mark.usefixtures("offices")]

KIND = built_in()["2021"].policy.councils[-1].code
MEMBERS = ["school", "bank", "clinic"]


class Secretary:
    """Whoever keeps a council's papers."""

    def __init__(self, clerk: Clerk, council: str) -> None:
        self.clerk = clerk
        self.council = council

    def send(self, what: str, body: dict[str, Any]) -> Any:
        """Whatever the answer is."""
        return self.clerk.send(f"/api/v1/councils/{self.council}/{what}", body, role="recorder")

    def done(self, what: str, **body: Any) -> None:
        """What is recorded."""
        answer = self.send(what, body)
        assert answer.status_code == 201, answer.text

    def refused(self, what: str, **body: Any) -> str:
        """The sentence of a refusal."""
        answer = self.send(what, body)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["detail"])

    def quarter(self, id: str, noticed: str, held: str, **lists: Any) -> None:
        """A session from its notice to its minutes."""
        self.done("sessions", session=id, noticed_on=noticed, scheduled_on=held)
        self.done("agendas", session=id, agenda=["通报情况", "停车资源共享"])
        stated = {"present": ["school", "bank"], "excused": ["clinic"], **lists}
        self.done("attendances", session=id, held_on=held, **stated)
        self.done("minutes", session=id, recorded_on=held, text=f"{held}会议议定停车资源共享。")

    def on(self, day: str) -> Any:
        """The council on a day."""
        return self.clerk.shown(f"/api/v1/councils/{self.council}?effective={day}")


@pytest.fixture
def secretary(clerk: Clerk, community: str) -> Secretary:
    """The secretary of a council that was founded for 2023."""
    council = clerk.done(
        "/api/v1/councils",
        {
            "community": community,
            "title": "驻区单位联席会议",
            "council_kind": KIND,
            "founded_on": "2023-01-01",
            "members": MEMBERS,
        },
        role="recorder",
    )
    return Secretary(clerk, council)


def test_a_councils_year(secretary: Secretary, community: str) -> None:
    clerk = secretary.clerk
    assert "notice of 3 days" in secretary_in_english(secretary, "2023-03-01", "2023-03-02")

    # First quarter: held, and what was resolved becomes a task in the same moment.
    secretary.quarter("q1", "2023-03-01", "2023-03-10", observers=["街道办事处"])
    secretary.done(
        "resolutions",
        session="q1",
        text="学校操场夜间开放停车。",
        tasks=[
            {
                "title": "划定夜间车位",
                "unit": "school",
                "person": "zhao",
                "due_on": "2023-05-31",
            }
        ],
    )

    # Second quarter: convened, and cancelled. Third quarter: held, a member has left, one is new.
    secretary.done("sessions", session="q2", noticed_on="2023-06-01", scheduled_on="2023-06-15")
    secretary.done("cancellations", session="q2", cancelled_on="2023-06-12", reason="防汛")
    secretary.done("departures", member="bank", left_on="2023-07-01", reason="网点迁出")
    secretary.done("members", member="grid", joined_on="2023-07-01")
    lists = {"session": "q3", "held_on": "2023-09-08", "present": ["bank"]}
    secretary.done("sessions", session="q3", noticed_on="2023-09-01", scheduled_on="2023-09-08")
    secretary.done("agendas", session="q3", agenda=["消防通道"])
    clerk.catch_up()
    assert "城厢支行" in secretary.refused("attendances", **lists)
    secretary.done("attendances", **{**lists, "present": ["school", "grid"]})
    secretary.done("minutes", session="q3", recorded_on="2023-09-10", text="议定清理消防通道。")

    # Minutes are never overwritten: a second record is refused, an amendment stands beside it.
    again = {"session": "q3", "recorded_on": "2023-09-12", "text": "另一份"}
    assert "补正" in secretary.refused("minutes", **again)
    secretary.done(
        "minutes-amendments",
        session="q3",
        amended_on="2023-09-12",
        text="议定九月底前清理消防通道。",
        reason="漏记时限",
    )
    secretary.quarter("q4", "2023-12-01", "2023-12-08", present=["school"], excused=["grid"])

    year = secretary.on("2023-12-31")
    assert [each["missed"] for each in year["due"]] == [False, True, False, False]
    assert year["council"]["held"] == 3
    assert year["council"]["missed"] == 1
    assert [each["period_from"] for each in year["council"]["missed_last"]] == ["2023-04-01"]
    assert secretary.on("2023-06-30")["council"]["missed"] == 0
    long_after = secretary.on("2025-12-31")
    assert sum(each["missed"] for each in long_after["due"]) == 8
    assert long_after["council"]["missed"] == 8
    newest = [each["period_from"] for each in long_after["council"]["missed_last"]]
    assert newest == ["2024-10-01", "2025-01-01", "2025-04-01", "2025-07-01"]
    assert [m["member"] for m in year["members"]] == ["clinic", "school", "grid"]
    overdue = clerk.shown("/api/v1/councils?missed=true&effective=2023-12-31")
    assert [each["council"] for each in overdue["items"]] == [secretary.council]

    look_back(secretary)
    carry_out(secretary, year)
    told = clerk.shown(f"/api/v1/communities/{community}/timeline?limit=200")["items"]
    sentences = [line["sentence"]["zh"] for line in told]
    assert any("召开“驻区单位联席会议”会议" in each for each in sentences)
    assert any("任务“划定夜间车位”验收销号" in each for each in sentences)


def look_back(secretary: Secretary) -> None:
    """The calendar, and the minutes in all their versions."""
    clerk = secretary.clerk
    calendar = clerk.shown("/api/v1/sessions?begin=2023-01-01&end=2023-12-31&limit=3")
    assert [each["session"] for each in calendar["items"]] == ["q1", "q2", "q3"]
    assert [each["status"] for each in calendar["items"]] == ["held", "cancelled", "held"]
    rest = clerk.shown(
        f"/api/v1/sessions?begin=2023-01-01&end=2023-12-31&limit=3&cursor={calendar['next']}"
    )
    assert [each["session"] for each in rest["items"]] == ["q4"]

    session = clerk.shown(f"/api/v1/councils/{secretary.council}/sessions/q3")
    assert [m["text"] for m in session["minutes"]] == [
        "议定清理消防通道。",
        "议定九月底前清理消防通道。",
    ]
    assert [each["member"] for each in session["absent"]] == ["clinic"]
    assert all(
        each["member_name"] != each["member"]
        for each in (*session["absent"], *session["session"]["present"])
    )
    found = clerk.shown("/api/v1/minutes?text=九月底")
    assert [(m["session"], m["number"]) for m in found["items"]] == [("q3", 2)]


def carry_out(secretary: Secretary, year: Any) -> None:
    """The resolution's task, late, and closed out by somebody else."""
    clerk = secretary.clerk
    (resolution,) = year["resolutions"]
    (task,) = resolution["tasks"]
    path = f"/api/v1/tasks/{task}"
    late = clerk.shown(f"{path}?effective=2023-06-05")["task"]
    assert (late["light"]["colour"], late["light"]["days"]) == ("overdue", -3)
    (waiting,) = clerk.shown("/api/v1/inboxes/school?effective=2023-06-05")["items"]
    assert waiting["task"] == task
    clerk.done(f"{path}/acceptances", {"accepted_on": "2023-06-06"}, role="recorder", person="zhao")
    report = {"reported_on": "2023-06-07", "evidence": "现场照片"}
    clerk.done(f"{path}/reports", report, role="recorder", person="zhao")
    close = {"closed_on": "2023-06-08"}
    mine = clerk.send(f"{path}/closures", close, role="reviewer", person="zhao")
    assert mine.status_code == 403
    clerk.done(f"{path}/closures", close, role="reviewer", person="wu")
    closed = clerk.shown(path)["task"]
    assert (closed["status"], closed["light"]["was_overdue"]) == ("closed", True)
    assert clerk.shown("/api/v1/inboxes/school")["items"] == []


def secretary_in_english(secretary: Secretary, noticed: str, scheduled: str) -> str:
    """The refusal of a session with too little notice, in English."""
    answer = secretary.clerk.send(
        f"/api/v1/councils/{secretary.council}/sessions",
        {"noticed_on": noticed, "scheduled_on": scheduled},
        role="recorder",
        accept_language="en",
    )
    assert answer.status_code == 409
    return str(answer.json()["detail"])
