"""The documents name what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "bench").glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)
CODE = (
    "access",
    "api",
    "bench",
    "demo",
    "deploy",
    "docs",
    "domain",
    "projections",
    "record",
    "tests",
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
PATH = re.compile(rf"`((?:{'|'.join(CODE)})/[\w./-]+)`")
HEAD = re.compile(r"# (\d+)\. (.+)\n\nStatus: (.+) · Date: (\d{4}-\d\d-\d\d)\n\n")
MADE = {"bench/last.json"}  # by a run
# The one tells of what was there once, the others name a test without its first folder.
TELLING = [
    each for each in DOCUMENTS if each.name not in ("CHANGELOG.md", "derived.md", "rules.md")
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_what_a_document_links_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    assert [to for to in LINK.findall(text) if not (document.parent / to).exists()] == []


@pytest.mark.parametrize("document", TELLING, ids=lambda each: str(each.relative_to(ROOT)))
def test_a_path_that_a_document_names_is_there(document: Path) -> None:
    named = set(PATH.findall(document.read_text(encoding="utf-8"))) - MADE

    assert [each for each in named if not (ROOT / each).exists()] == []


def test_decisions_are_listed_with_status_and_date() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for number, decision in enumerate(DECISIONS, start=1):
        head = HEAD.match(decision.read_text(encoding="utf-8"))
        assert head, decision.name
        assert decision.name.startswith(f"{number:04}-")
        assert int(head[1]) == number
        row = f"| [{number:04}]({decision.name}) | {head[2]} | {head[3]} | {head[4]} |"
        assert row in index
