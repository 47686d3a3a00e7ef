"""The titles of policy entries by code, for sentences."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from domain.kernel.ids import Named
from domain.kernel.policy.editions import Edition, known_editions
from domain.kernel.policy.policy import Policy
from domain.kernel.text import Bilingual


def called(what: Named, code: str, policy: Policy | None = None) -> Bilingual:
    """The title of a code in this policy, or else in the newest known policy that has it;
    the code itself if none has. It only names and decides nothing (ADR 11)."""
    titles = _titles(what) if policy is None else _titles_of(policy, what)
    return titles.get(code) or Bilingual(zh=code, en=code)


def is_term(what: Named, code: str) -> bool:
    """Whether some known policy has this code, or none has codes of its kind."""
    titles = _titles(what)
    return code in titles or not titles


def offered(what: Named, codes: Sequence[str]) -> Bilingual:
    """Codes to choose from, each with its title."""
    titled = [(called(what, code), code) for code in codes]
    return Bilingual(
        zh="、".join(f"{title.zh}（{code}）" for title, code in titled),
        en=", ".join(f"{code} ({title.en})" for title, code in titled),
    )


def _titles(what: Named) -> Mapping[str, Bilingual]:
    """The title of each code in the newest edition that has it."""
    return _titles_in(what, known_editions())


@lru_cache(maxsize=256)
def _titles_in(what: Named, editions: tuple[Edition, ...]) -> Mapping[str, Bilingual]:
    titles: dict[str, Bilingual] = {}
    for edition in editions:
        titles |= _titles_of(edition.policy, what)
    return titles


def _titles_of(policy: Policy, what: Named) -> dict[str, Bilingual]:
    return {term.code: term.title for term in policy.terms(what)}
