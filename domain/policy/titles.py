"""What the entries of a policy are called: a title for each code, for whoever reads a sentence."""

from collections.abc import Sequence

from domain.ids import Named
from domain.policy.policy import Policy, built_in
from domain.words import Words


def called(what: Named, code: str, policy: Policy | None = None) -> Words:
    """The title of a code under this policy, or under the newest that came with the product and
    knows it; the code itself where none does. It only names: it decides nothing (ADR 11)."""
    editions = [edition.policy for edition in built_in().values()][::-1]
    for each in [policy] if policy else editions:
        for term in each.terms(what):
            if term.code == code:
                return term.title
    return Words(zh=code, en=code)


def offered(what: Named, codes: Sequence[str]) -> Words:
    """Codes to choose from, each with its title."""
    titled = [(called(what, code), code) for code in codes]
    return Words(
        zh="、".join(f"{title.zh}（{code}）" for title, code in titled),
        en=", ".join(f"{code} ({title.en})" for title, code in titled),
    )
