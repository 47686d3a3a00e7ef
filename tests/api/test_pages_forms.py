"""Forms of commands: filled with what is known, previewed, recorded, refused beside a field."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from pydantic import BaseModel

from api.pages.forms.operations import operations
from api.pages.forms.shapes import FieldShape, shapes_of
from api.pages.forms.words import has_words
from domain.commands import COMMANDS
from domain.kernel.context import Role
from tests.api.clerk import Clerk
from tests.city import CITY
from tests.officials import grant_of


class Page:
    """Somebody's browser at the pages."""

    def __init__(self, clerk: Clerk, role: Role) -> None:
        self.clerk = clerk
        clerk.found_once()
        grant = grant_of(clerk.record, role=role, person="li.na")
        self.headers = {"Accept": "text/html", "Annals-Authority": grant}

    def open(self, path: str) -> Any:
        self.clerk.catch_up()
        return self.clerk.client.get(path, headers=self.headers)

    def send(self, path: str, step: str = "record", **typed: str) -> Any:
        """Fill in the form as it opens, and send it."""
        asked = {**hidden_of(self.open(path).text), "step": step, **typed}
        return self.post(path, asked)

    def post(self, path: str, typed: dict[str, str], **headers: str) -> Any:
        return self.clerk.client.post(
            path, data=typed, headers={**self.headers, **headers}, follow_redirects=False
        )


def hidden_of(text: str) -> dict[str, str]:
    """The key and the version of a form."""
    return dict(re.findall(r'<input type="hidden" name="(key|version)" value="([^"]*)">', text))


def problem_of(text: str, field: str) -> str:
    """The problem that stands beside a field."""
    found = re.search(rf'id="{re.escape(field)}-problem">.*?</svg>([^<]*)', text)
    return found[1].strip() if found else ""


@pytest.fixture
def arbiter(clerk: Clerk) -> Page:
    return Page(clerk, "arbiter")


@pytest.fixture
def reviewer(clerk: Clerk) -> Page:
    return Page(clerk, "reviewer")


def _with_rows(shapes: tuple[FieldShape, ...]) -> list[FieldShape]:
    return [part for each in shapes for part in (each, *_with_rows(each.columns))]


def test_every_field_of_every_command_has_a_label() -> None:
    commands: list[type[BaseModel]] = [each.command for each in operations().values()]
    fields = {
        (each.model, each.name)
        for command in commands
        for each in _with_rows(shapes_of(command))
        if not each.own
    }

    assert not {field for field in fields if not has_words(*field)}


def test_a_form_shows_nothing_of_what_is_out_of_scope(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    assert arbiter.open(path).status_code == 200
    elsewhere = arbiter.clerk.place("district", "别处区", "990103", CITY)
    grant = grant_of(arbiter.clerk.record, role="decider", person="li.na", place=elsewhere)
    headers = {"Accept": "text/html", "Annals-Authority": grant}
    arbiter.clerk.catch_up()

    told = arbiter.clerk.client.get(path, headers=headers)
    sent = arbiter.clerk.client.post(path, data={"effective_from": "no day"}, headers=headers)

    assert (told.status_code, sent.status_code) == (404, 404)


def test_a_form_with_a_number_without_end_is_refused(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    typed = {"name": "新名社区", "effective_from": "2025-01-01", "step": "record"}
    typed["version"] = "9" * 5_000

    assert arbiter.post(path, {**hidden_of(arbiter.open(path).text), **typed}).status_code == 409


def test_a_form_with_fields_without_end_is_refused(arbiter: Page, community: str) -> None:
    many = {f"f{n}": "1" for n in range(7_000)}

    assert arbiter.post(f"/forms/communities.rename/{community}", many).status_code == 413


def test_every_command_of_the_api_has_a_form() -> None:
    with_form = {each.command for each in operations().values()}
    without = {each.__name__ for each in COMMANDS.values()} - {c.__name__ for c in with_form}
    of_an_import = {"ReceiveBatch", "ApplyBatch"}
    of_a_roster = {"DissolveUntil", "AbolishEarlier", "DissolveEarlier", "AbolishUntil"}

    assert without == of_an_import | of_a_roster | {"FoundRecord"}


def test_a_form_opens_with_the_last_values(arbiter: Page, community: str) -> None:
    text = arbiter.open(f"/forms/communities.rename/{community}").text

    assert "更名" in text
    assert "新名称" in text
    assert 'value="第1社区"' in text


def test_a_preview_shows_the_sentence_and_records_nothing(arbiter: Page, community: str) -> None:
    head = arbiter.clerk.get("/api/v1/record").json()["head"]
    answer = arbiter.send(
        f"/forms/communities.rename/{community}",
        step="preview",
        name="钟楼社区",
        effective_from="2024-07-01",
    )

    assert answer.status_code == 200
    assert re.search(r'class="said-box">[^<]*钟楼社区', answer.text)
    assert "确认，记入编年" in answer.text
    assert arbiter.clerk.get("/api/v1/record").json()["head"] == head


def test_what_was_previewed_is_what_the_timeline_says(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    typed = {"name": "钟楼社区", "effective_from": "2024-07-01"}
    preview = arbiter.send(path, step="preview", **typed).text
    (said,) = re.findall(r'class="said-box">([^<]*)', preview)
    answer = arbiter.post(path, {**hidden_of(preview), "step": "record", **typed})
    page = arbiter.open(answer.headers["location"]).text

    assert answer.status_code == 303
    assert said in page
    assert "已记入编年" in page


def test_a_form_that_is_sent_twice_is_recorded_once(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    typed = {
        **hidden_of(arbiter.open(path).text),
        "step": "record",
        "name": "钟楼社区",
        "effective_from": "2024-07-01",
    }
    first, second = (arbiter.post(path, typed) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]


def test_what_cannot_be_read_comes_back_beside_its_field(arbiter: Page, community: str) -> None:
    answer = arbiter.send(
        f"/forms/communities.rename/{community}",
        name="钟楼社区",
        effective_from="2024-13-01",
        reason="按批复",
    )

    assert answer.status_code == 422
    assert problem_of(answer.text, "effective_from").startswith("应为日期")
    assert 'href="#effective_from"' in answer.text
    assert 'value="钟楼社区"' in answer.text
    assert ">按批复</textarea>" in answer.text


def test_a_refusal_comes_back_beside_the_field_that_it_is_about(
    arbiter: Page, community: str
) -> None:
    answer = arbiter.send(
        f"/forms/communities.rename/{community}", name="钟楼社区", effective_from="2001-01-01"
    )

    assert answer.status_code == 422
    assert problem_of(answer.text, "effective_from")
    assert 'value="钟楼社区"' in answer.text


def test_a_stale_form_shows_what_was_recorded_meanwhile(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    opened = hidden_of(arbiter.open(path).text)
    arbiter.send(path, name="鼓楼社区", effective_from="2024-06-01")
    arbiter.clerk.catch_up()
    typed = {"step": "record", "name": "钟楼社区", "effective_from": "2024-07-01"}
    stale = arbiter.post(path, {**opened, **typed})
    again = arbiter.post(path, {**hidden_of(stale.text), **typed})

    assert stale.status_code == 409
    (row,) = re.findall(r'<tr><th scope="row">新名称</th>.*?</tr>', stale.text)
    assert re.findall(r">([^<]+)</(?:td|ins)>", row) == ["第1社区", "鼓楼社区", "钟楼社区"]
    assert 'value="钟楼社区"' in stale.text
    assert again.status_code == 303


def test_a_proposal_chooses_a_type_by_name(reviewer: Page, community: str) -> None:
    reviewer.clerk.done(
        f"/api/v1/communities/{community}/classifications",
        {"type": "old-courtyard", "effective_from": "2021-03-01", "reason": "核查"},
        role="decider",
    )
    path = f"/forms/communities.propose-reclassification/{community}"
    opened = reviewer.open(path).text
    answer = reviewer.send(
        path,
        step="preview",
        type="commercial-housing",
        origin="subdistrict",
        effective_from="2024-07-01",
        reason="商品住房已过六成",
    )

    assert "商品住宅型" in opened
    assert 'name="proposal"' not in opened
    (said,) = re.findall(r'class="said-box">([^<]*)', answer.text)
    assert "商品住宅型" in said
    assert "commercial-housing" not in said


def test_a_survey_is_a_table_of_the_policys_indicators(reviewer: Page, community: str) -> None:
    path = f"/forms/communities.survey/{community}"
    typed = {"surveyed_on": "2024-03-01", "source": "台账"}
    wrong = reviewer.send(path, **typed, **{"indicators.commercial-dwellings": "一半"})
    answer = reviewer.send(path, **typed, **{"indicators.commercial-dwellings": "64.5"})

    assert wrong.status_code == 422
    assert 'value="一半"' in wrong.text
    assert answer.status_code == 303


def test_progress_of_a_task_is_recorded_from_its_page(reviewer: Page, community: str) -> None:
    task = reviewer.clerk.done(
        "/api/v1/tasks",
        {
            "community": community,
            "title": "修复路灯",
            "unit": "u1",
            "person": "li.na",
            "assigned_on": "2024-03-01",
            "due_on": "2024-04-01",
        },
        role="reviewer",
    )
    accepted = reviewer.send(f"/forms/tasks.accept/{task}", accepted_on="2024-03-02")
    path = f"/forms/tasks.record-progress/{task}"
    typed = {"progressed_on": "2024-03-08", "note": "已换 4 盏"}
    wrong = reviewer.send(path, percent="140", **typed)
    answer = reviewer.send(path, percent="40", **typed)
    page = reviewer.open(answer.headers["location"]).text

    assert accepted.status_code == 303
    assert problem_of(wrong.text, "percent") == "应不大于 100"
    assert ">已换 4 盏</textarea>" in wrong.text
    assert "40%" in page


def test_a_subject_that_a_form_begins_gets_its_id_from_the_forms_key(
    arbiter: Page, subdistrict: str
) -> None:
    assert arbiter.open("/forms/communities.register").status_code == 200
    typed = {"name": "新城社区", "subdistrict": subdistrict, "effective_from": "2024-03-01"}
    answer = arbiter.send("/forms/communities.register", **typed, origin="new")

    assert answer.status_code == 303
    assert "新城社区" in arbiter.open(answer.headers["location"]).text


def test_documents_are_named_in_a_form(arbiter: Page, community: str) -> None:
    answer = arbiter.send(
        f"/forms/communities.rename/{community}",
        name="钟楼社区",
        effective_from="2024-07-01",
        **{"basis.0.issuer": "民政局", "basis.0.title": "批复", "basis.0.number": "〔2024〕3号"},
    )

    assert "〔2024〕3号" in arbiter.open(answer.headers["location"]).text


def test_nobody_records_without_being_known(clerk: Clerk, community: str) -> None:
    path = f"/forms/communities.rename/{community}"

    clerk.bare.cookies.clear()
    asked = clerk.bare.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
    assert asked.status_code == 303
    assert clerk.bare.post(path, data={"name": "x"}).status_code == 401


def test_a_page_of_another_site_sends_no_form(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    typed = {"name": "钟楼社区", "effective_from": "2024-07-01", "step": "record"}

    assert arbiter.post(path, typed, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_page_offers_what_the_role_may_do(arbiter: Page, reviewer: Page, community: str) -> None:
    of_arbiter = arbiter.open(f"/communities/{community}").text
    of_reviewer = reviewer.open(f"/communities/{community}").text
    past = arbiter.open(f"/communities/{community}?effective=2020-01-01").text

    assert "/forms/communities.rename/" in of_arbiter
    assert "/forms/communities.rename/" not in of_reviewer
    assert "/forms/communities.propose-reclassification/" in of_reviewer
    assert "/forms/" not in past


def test_an_unknown_form_or_subject_is_not_there(arbiter: Page) -> None:
    arbiter.clerk.found_once()

    assert arbiter.open("/forms/communities.praise/x1").status_code == 404
    assert arbiter.open("/forms/communities.rename/x1").status_code == 404
    assert arbiter.open("/forms/supports.begin").status_code == 404


def test_a_form_that_is_sent_twice_at_once_is_recorded_once(arbiter: Page, community: str) -> None:
    path = f"/forms/communities.rename/{community}"
    typed = {"step": "record", "name": "钟楼社区", "effective_from": "2024-07-01"}
    typed |= hidden_of(arbiter.open(path).text)
    head, together = arbiter.clerk.record.head(), Barrier(4)

    def send(_: int) -> Any:
        together.wait()
        return arbiter.post(path, typed)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(4)))

    assert {(each.status_code, each.headers["location"]) for each in answers} == {
        (303, answers[0].headers["location"])
    }
    assert arbiter.clerk.record.head() == head + 1
