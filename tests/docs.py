"""Writes what is made from the code: `python -m tests.docs`, or `make docs`. A test holds it.

docs/rules.md is the table of all rules, docs/problems.md and api/http/problem_codes.json are the
problems with their codes, api/http/openapi.json describes the API.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from api.http.kernel.problem_kinds import ALL, CODES_KEPT
from api.http.openapi import KEPT, description
from domain.commands import COMMANDS
from domain.kernel.refusal import catalogue
from tests.codes import IRREGULAR, ROOT, asserted, sites

RULES = """# The rules, where each comes from, and what shows that it holds

`make docs` writes this page from the catalogues of refusals (`refusals.zh.toml` and
`refusals.en.toml` in the folder of each subject). docs/problems.md words all of them.

*Kind*: what *cannot be* (it contradicts the record, the order of events, an authority) is refused.
What *ought not to be* (notice, quorum, a window, a deadline of procedure, a cap) is answered as
`irregular`, and recorded and marked when it comes again with a reason, `despite`
([ADR 27](adr/0027-facts-that-break-a-procedure.md)).

*Section* is the passage of the document (关于在城市社区开展分类治理的实施意见). Where the
document is silent the figure or role is a default in the policy file, which says `default, not in
the document`; a rule that makes the record worth keeping is marked *record*. Tests are files below
`tests/` that assert the code. What is derived and never refused is in docs/derived.md.
"""
APART = """
## Separation of duties

By person: who acts in another's place is compared, and so is that person. Who grants authority does
not govern: no policy gives a steward a permission to record governance.

| who | does not | code |
|---|---|---|
"""
STOPS_SECTION = """
## Why a command or a worker stops

The API answers none of these with a problem: `annals` says them, or they are in its log. The same
catalogues word them.

| code | 中文 | English |
|---|---|---|
"""
PROBLEMS = """# The problems that the API answers with

`make docs` writes this page. A problem is an RFC 9457 document (`application/problem+json`); its
`type` leads to /docs/problems. `code` says which rule refuses and never changes; `params` are what
the sentence tells, by name. What stands in square brackets is told only where it is known.
"""


def rules() -> str:
    """docs/rules.md: for each subject its codes, their rules, and where they are raised."""
    by_subject: defaultdict[str, list[str]] = defaultdict(list)
    raised, tests = sites(), asserted()
    for code, wording in sorted(catalogue("zh").items()):
        if not wording.rule:
            continue
        files = sorted({site.file for site in raised.get(code, ())})
        ought = any(site.kind == IRREGULAR for site in raised.get(code, ()))
        kind = "ought not to be" if ought else "cannot be"
        shown = _files(files), _files(tests.get(code))
        cells = (f"`{code}`", wording.rule, kind, wording.section, *shown)
        by_subject[code.partition(".")[0]].append(_row(cells))
    head = "| code | rule | kind | section | raised in | tests |\n|---|---|---|---|---|---|\n"
    tables = (
        f"\n## {subject}\n\n{head}{''.join(rows)}" for subject, rows in sorted(by_subject.items())
    )
    return RULES + _apart() + "".join(tables)


def _apart() -> str:
    """Which commands nobody carries out who did something else before."""
    by_code: dict[str, tuple[str, list[str]]] = {}
    for name, command in COMMANDS.items():
        for each in command.apart_from:
            by_code.setdefault(each.code, (each.did.en, []))[1].append(name)
    rows = (
        _row((f"nobody who {did}", ", ".join(f"`{name}`" for name in names), f"`{code}`"))
        for code, (did, names) in sorted(by_code.items())
    )
    return APART + "".join(rows)


def problems() -> str:
    """docs/problems.md: for each kind of problem its codes in both languages."""
    by_kind = _by_kind()
    text = PROBLEMS
    for kind in ALL:
        text += f"\n## {kind.name}\n\nStatus {kind.status}: {kind.title.zh} · {kind.title.en}. "
        text += f"{kind.meaning.zh}\n{kind.meaning.en}\n"
        if codes := by_kind.get(kind.name):
            text += "\n| code | 中文 | English |\n|---|---|---|\n"
        text += "".join(map(_worded, codes or ()))
    stops = (code for code, wording in catalogue("zh").items() if not wording.rule)
    return text + STOPS_SECTION + "".join(map(_worded, sorted(stops)))


def problem_codes() -> str:
    """The codes of each kind of problem, for the page /docs/problems."""
    return json.dumps(_by_kind(), indent=1) + "\n"


def _by_kind() -> Mapping[str, list[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, places in sites().items():
        if code in catalogue("zh"):
            # Where a code is only named, whoever raises it says what kind of problem it is.
            known = {site.kind for site in places if site.given is not None}
            for kind in known or {site.kind for site in places}:
                found[kind].add(code)
    return {kind.name: sorted(found[kind.name]) for kind in ALL if kind.name in found}


def _worded(code: str) -> str:
    zh, en = catalogue("zh")[code], catalogue("en")[code]
    return _row((f"`{code}`", f"{zh.says}{zh.do}", f"{en.says} {en.do}"))


def _files(files: Iterable[str] | None) -> str:
    return ", ".join(f"`{file}`" for file in files or ())


def _row(cells: Iterable[str]) -> str:
    shown = (cell.replace("|", "&#124;").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(shown)} |\n"


WRITTEN: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs" / "rules.md": rules,
    ROOT / "docs" / "problems.md": problems,
    CODES_KEPT: problem_codes,
    KEPT: description,
}

if __name__ == "__main__":
    for file, text in WRITTEN.items():
        file.write_text(text(), encoding="utf-8")
