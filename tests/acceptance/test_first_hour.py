"""A city's first hour, as the README tells it: its commands, run one after another."""

import json
import re
import shlex
from pathlib import Path
from subprocess import Popen
from urllib.request import Request, urlopen

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.http.kernel.signed_in import COOKIE
from record.store.record import Record
from tests.api.console import Answer, address_of, done, started
from tests.api.test_cli_import import FIRST, HEADER
from tests.officials import PASSWORD

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[2]
READMES = {"README.md": "## A city's first hour", "README.zh-CN.md": "## 一座城市的第一个小时"}
COMMANDS_MAX = 12
SHEETS = {
    "roster.csv": (HEADER, *FIRST),
    "units.csv": (
        "单位名称,类别,所属区划,起始日期",
        "示例市民政局,政府机关,示例市,2020-06-30",
        "涪城区民政局,政府机关,涪城区,2020-06-30",
    ),
    "people.csv": (
        "姓名,单位,职务,任职日期",
        "周敏,示例市民政局,办公室主任,2021-03-01",
        "李娜,涪城区民政局,局长,2021-03-01",
    ),
    "types.csv": (
        "社区代码,社区类型,子类型,生效日期",
        "510703001001,商品住宅型,江景小区,2021-03-31",
    ),
}
SUBTYPE = """
[[types.commercial-housing.subtypes]]
code = "riverside"
source = "示例市"
title.zh = "江景小区"
title.en = "Riverside estate"
"""


def commands_of(readme: str) -> list[list[str]]:
    """The words of the commands of the section, without what its comments say."""
    section = (ROOT / readme).read_text(encoding="utf-8").split(f"{READMES[readme]}\n", 1)[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    lines = [shlex.split(line, comments=True) for line in block[1].splitlines()]
    return [words[1:] for words in lines if words and words[0] == "annals"]


def signed_in(url: str, home: Path, login: str, initial: str) -> None:
    """Somebody signs in for the first time: the password that they were given, and their own."""
    answer = CliRunner().invoke(
        app,
        ["sign-in", login],
        input=f"{initial}\n{PASSWORD}\n",
        env={"DATABASE_URL": url, "ANNALS_STATE": str(home)},
    )
    assert answer.exit_code == 0, answer.output


def edited(file: Path) -> None:
    """The city's own policy: what a person writes into the exported file."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"2021"', '"2021-shili"', 1) + SUBTYPE, encoding="utf-8")


@pytest.mark.slow
def test_a_citys_first_hour_is_as_the_readme_tells_it(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    processes: list["Popen[str]"],
) -> None:
    for name, lines in SHEETS.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    answers: dict[str, Answer] = {}
    address = ""

    for words in commands_of("README.md"):
        if words[0] == "serve":
            serve = ("serve", "--port", "0", "--with-worker")
            processes.append(started(*serve, DATABASE_URL=database_url))
            address = address_of(processes[-1])
        elif words[0] == "sign-in":
            initial = answers["user add"].out.split(f"{words[1]}，初始密码 ")[1].split("（")[0]
            signed_in(database_url, tmp_path, words[1], initial)
        else:
            own = {"ANNALS_STATE": str(tmp_path), "ANNALS_KEY": ""}
            answers[" ".join(words[:2])] = done(database_url, *words, **own)
        if words[:2] == ["policy", "export"]:
            edited(tmp_path / words[-1])

    with Record(database_url) as record:
        head = record.head()
    (session,) = tmp_path.glob("session-*")
    cookie = {"Cookie": f"{COOKIE}={session.read_text(encoding='ascii')}"}
    asked = f"{address}api/v1/communities?after_position={head}"
    with urlopen(Request(asked, headers=cookie)) as shown:
        found = json.load(shown)["items"]
    assert [(each["type"], each["subtype"]) for each in found] == [
        ("commercial-housing", "riverside"),
        (None, None),
    ]


def test_the_first_hour_is_short_and_the_same_in_both_languages() -> None:
    english, chinese = (commands_of(readme) for readme in READMES)

    assert english == chinese
    assert len(english) <= COMMANDS_MAX
