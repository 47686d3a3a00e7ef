"""The pages: Chinese first, from our own files alone, marked when they show the past or a demo."""

import json
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from api import pages
from api.http.kernel.problem_kinds import ALL
from tests.api.clerk import Clerk

HERE = Path(pages.__file__).parent
STATIC = HERE / "static"
FOREIGN = re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.I)
TOO_NEW = ("color-mix", "light-dark", "oklch", ":has(", "@scope", "@layer", "\n  &")
PAGE = {"Accept": "text/html"}


def test_the_root_greets_before_anything_is_recorded(clerk: Clerk) -> None:
    page = clerk.get("/", **PAGE)

    assert page.status_code == 200
    assert '<html lang="zh-CN">' in page.text
    assert "编年尚未创立" in page.text


def test_every_page_of_a_simulation_says_so(clerk: Clerk) -> None:
    community = clerk.community(clerk.subdistrict(clerk.found(simulation=True)))
    clerk.catch_up()
    for path in ("/", "/communities", f"/communities/{community}", "/docs", "/docs/problems"):
        for address in (path, f"{path}?lang=en"):
            assert "演示" in clerk.get(address, **PAGE).text, address


def test_no_page_of_a_real_city_says_so(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    for path in ("/communities", f"/communities/{community}"):
        assert "演示" not in clerk.get(path, **PAGE).text


def test_a_past_state_is_announced(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    head = clerk.get("/api/v1/record").json()["head"]
    for path in ("/communities", f"/communities/{community}"):
        assert "正在查看历史状态" not in clerk.get(path, **PAGE).text
        for query in ("effective=2020-01-01", f"known={head}"):
            assert "正在查看历史状态" in clerk.get(f"{path}?{query}", **PAGE).text


def test_the_list_shows_what_the_filter_asks_for(clerk: Clerk, subdistrict: str) -> None:
    first, second = (clerk.community(subdistrict, number) for number in (1, 2))
    clerk.catch_up()
    page = clerk.get(
        "/communities?name=第2&code=&district=&type=-&effective=&known=&lang=en", **PAGE
    )

    assert page.status_code == 200
    assert f"/communities/{second}?lang=en" in page.text
    assert first not in page.text
    assert 'value="第2"' in page.text


def test_a_long_list_has_a_next_page_and_stays_small(clerk: Clerk, subdistrict: str) -> None:
    for number in range(1, 103):
        clerk.community(subdistrict, number)
    clerk.catch_up()
    page = clerk.get("/communities?name=社区", **PAGE)
    address = re.search(r'href="([^"]+)" rel="next"', page.text)

    assert len(page.content) < 100_000
    assert address
    following = clerk.get(address[1].replace("&amp;", "&"), **PAGE)
    assert following.text.count("<tr><td") == 2
    assert "name=" in address[1]


def test_a_community_tells_its_timeline(clerk: Clerk, community: str) -> None:
    clerk.done(
        f"/api/v1/communities/{community}/names",
        {
            "name": "<钟楼>社区",
            "effective_from": "2024-07-01",
            "basis": [{"issuer": "民政局", "title": "批复"}],
        },
    )
    clerk.catch_up()
    page = clerk.get(f"/communities/{community}", **PAGE)

    assert "2018-01-01" in page.text
    assert "&lt;钟楼&gt;社区" in page.text
    assert "<钟楼>" not in page.text
    assert "民政局《批复》" in page.text


def test_a_browser_gets_its_problems_as_a_page(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    for path, status in (
        ("/nowhere", 404),
        ("/communities/nowhere", 404),
        ("/communities?effective=soon", 422),
        (f"/communities/{community}?cursor=zz", 422),
        ("/docs/problems/nonsense", 404),
    ):
        page = clerk.get(path, **PAGE)
        assert page.status_code == status
        assert page.headers["content-type"] == "text/html; charset=utf-8"
    told = clerk.get("/docs/problems/nonsense").json()
    assert told["code"] == "request.no-such-problem"


@pytest.mark.usefixtures("community")
def test_a_page_tells_its_problems_in_its_own_language_and_under_its_citys_name(
    clerk: Clerk,
) -> None:
    english_browser = {**PAGE, "Accept-Language": "en"}

    chinese = clerk.get("/communities?effective=soon", **english_browser).text
    english = clerk.get("/communities?effective=soon&lang=en", **english_browser).text

    city = clerk.get("/api/v1/record").json()["city_name"]
    assert "应为日期" in chinese
    assert "effective" in chinese
    assert "should be a valid date" in english
    for page in (chinese, english):
        assert f"{city} ·" in page


def test_a_problems_type_leads_to_a_page(clerk: Clerk) -> None:
    for kind in ALL:
        page = clerk.get(f"/docs/problems/{kind.name}", **PAGE)
        assert page.status_code == 200
        assert kind.meaning.zh in page.text.replace("&#34;", '"')


def test_nothing_is_asked_of_a_foreign_host(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    ours = [path for path in STATIC.rglob("*") if path.is_file() and "vendor" not in path.parts]
    ours += (HERE / "templates").rglob("*.html")
    texts = [path.read_text(encoding="utf-8") for path in ours]
    texts += [
        clerk.get(path, **PAGE).text
        for path in ("/", "/docs", "/docs/problems", "/communities", f"/communities/{community}")
    ]

    for text in texts:
        assert not FOREIGN.search(text)


def test_what_others_wrote_is_what_we_brought() -> None:
    folder = STATIC / "vendor"
    packages = json.loads((folder / "vendor.json").read_text(encoding="utf-8"))
    listed = {
        folder / package["name"] / name: digest
        for package in packages
        for name, digest in package["sha256"].items()
    }

    assert listed == {path: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*/*")}
    assert all(package["version"] and package["licence"] for package in packages)


def test_only_the_viewer_of_the_api_styles_itself(clerk: Clerk) -> None:
    assert "unsafe" not in clerk.get("/").headers["content-security-policy"]
    docs = clerk.get("/docs").headers["content-security-policy"]
    assert docs.startswith("default-src 'self'; style-src 'self' 'unsafe-inline'")
    assert "script-src" not in docs
    assert not re.search(r"<script>|\son\w+=|javascript:", clerk.get("/docs").text)


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.*")), ids=lambda path: path.name)
def test_our_own_files_are_served(clerk: Clerk, path: Path) -> None:
    assert clerk.get(f"/static/{path.name}").status_code == 200


def test_both_languages_have_the_same_words() -> None:
    zh, en = (
        tomllib.loads((HERE / "locale" / f"{language}.toml").read_text(encoding="utf-8"))
        for language in ("zh", "en")
    )

    assert list(zh) == list(en)
    assert all(zh.values())
    assert all(en.values())


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_a_stylesheet_is_understood_by_chrome_109(path: Path) -> None:
    css = path.read_text(encoding="utf-8")

    assert not [word for word in TOO_NEW if word in css]
    widths = re.findall(r"@media[^{]*width[^{]*", css)
    assert all("screen" in width for width in widths), "A4 is narrower than a telephone"


def test_no_font_is_fetched() -> None:
    css = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.css"))

    assert '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"' in css
    assert "@font-face" not in css
