from datetime import date
from typing import Any

import pytest

from domain.adoption.adopting import AdoptPolicy, AdoptPolicyFile, RepealPolicy
from domain.adoption.adopting import adopted as adopted_edition
from domain.adoption.events import PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.adoption.state import Adopted
from domain.kernel.policy import PolicyFileWrong, built_in, learn, policy_digest
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.kernel.text import Bilingual
from tests.domain.given import TREE, Given, day

D2021, D2023, D2025 = day("2021-03-31"), day("2023-01-01"), day("2025-01-01")
EARLIER = PolicyAdopted(
    version="2015",
    title=Bilingual(zh="旧", en="old"),
    digest="0" * 64,
    effective_from=day("2015-01-01"),
)
LATER = PolicyAdopted(
    version="2025", title=Bilingual(zh="新", en="new"), digest="1" * 64, effective_from=D2025
)
ADOPT = AdoptPolicy(policy="2021", effective_from=D2021)


def adopted(version: str, effective_from: date) -> PolicyAdopted:
    return adopted_edition(built_in()[version], effective_from)


def adoption(*events: Any) -> Given:
    return Given({**TREE, "policy": events}, "policy")


def in_force(state: Adopted, day: date) -> str | None:
    adoption = state.adoptions.on(day)
    return adoption.version if adoption else None


def test_an_adopted_policy_supersedes_the_one_in_force() -> None:
    outcome = adoption(EARLIER).when(ADOPT)

    outcome.then(
        adopted("2021", D2021), PolicySuperseded(version="2015", by="2021", effective_until=D2021)
    )
    state: Adopted = outcome.state()
    assert in_force(state, day("2021-03-30")) == "2015"
    assert in_force(state, D2021) == "2021"


def test_a_back_dated_adoption_lasts_until_the_next_one() -> None:
    outcome = adoption(EARLIER, LATER).when(ADOPT)

    outcome.then(
        adopted("2021", D2021),
        PolicySuperseded(version="2015", by="2021", effective_until=D2021),
        PolicySuperseded(version="2021", by="2025", effective_until=D2025),
    )
    assert in_force(outcome.state(), D2025) == "2025"


def test_a_policy_adopted_earlier_than_it_was_does_not_supersede_itself() -> None:
    outcome = adoption(adopted("2021", D2023)).when(ADOPT)

    outcome.then(adopted("2021", D2021))
    state = outcome.state()
    assert in_force(state, D2021) == in_force(state, D2023) == "2021"


def test_a_policy_in_force_is_not_adopted_again() -> None:
    adoption(adopted("2021", D2021)).when(
        ADOPT.model_copy(update={"effective_from": D2023})
    ).refused("policy.in-force-already", policy="2021", day=day("2023-01-01"))


def test_nothing_is_decided_by_a_file_that_is_not_the_one_adopted() -> None:
    changed = adopted("2021", D2021).model_copy(update={"digest": "0" * 64})

    with pytest.raises(Refused) as refused:
        Adopted(id="policy").fold([changed]).in_force(D2023)
    assert refused.value.code == "policy.file-changed"
    assert refused.value.params["adopted"] == "0" * 12
    with pytest.raises(NotOnRecord) as gone:
        Adopted(id="policy").fold([EARLIER]).in_force(D2021)
    assert gone.value.code == "policy.no-file"


def test_a_changed_file_is_adopted_again() -> None:
    changed = adopted("2021", D2021).model_copy(update={"digest": "0" * 64})
    again = ADOPT.model_copy(update={"effective_from": D2023})

    outcome = adoption(changed).when(again)

    outcome.then(adopted("2021", D2023))
    assert outcome.state().in_force(D2023).version == "2021"


def test_a_version_that_neither_the_product_nor_the_city_has_is_not_adopted() -> None:
    adoption(EARLIER).when(ADOPT.model_copy(update={"policy": "1999"})).refused(
        "policy.no-file", NotOnRecord, policy="1999"
    )


def test_a_repealed_policy_leaves_none_in_force_until_another_is_adopted() -> None:
    repeal = RepealPolicy(policy="2021", effective_until=D2023, reason="有效期届满")

    outcome = adoption(adopted("2021", D2021)).when(repeal)

    outcome.then(PolicyRepealed(version="2021", effective_until=D2023, reason="有效期届满"))
    state: Adopted = outcome.state()
    assert state.in_force(day("2022-12-31")).version == "2021"
    with pytest.raises(Refused) as refused:
        state.in_force(D2023)
    assert (refused.value.code, refused.value.params) == ("policy.none-in-force", {"day": D2023})


def test_only_a_policy_in_force_is_repealed() -> None:
    repeal = RepealPolicy(policy="2015", effective_until=D2023, reason="有效期届满")

    adoption(EARLIER, adopted("2021", D2021)).when(repeal).refused(
        "policy.not-in-force", policy="2015", day=day("2023-01-01")
    )


TEXT = built_in()["2021"].text
OWN_TEXT = TEXT.replace('version = "2021"', 'version = "2021-wang"', 1)
OWN = AdoptPolicyFile(file=OWN_TEXT, effective_from=D2023)


def test_a_city_adopts_a_file_of_its_own_by_its_digest() -> None:
    outcome = adoption(adopted("2021", D2021)).when(OWN)

    outcome.then(
        PolicyAdopted(
            version="2021-wang",
            title=built_in()["2021"].policy.title,
            digest=policy_digest(OWN_TEXT),
            effective_from=D2023,
        ),
        PolicySuperseded(version="2021", by="2021-wang", effective_until=D2023),
    )
    learn(OWN_TEXT)
    state: Adopted = outcome.state()
    assert state.in_force(day("2022-12-31")).version == "2021"
    assert state.in_force(D2025).version == "2021-wang"
    again = AdoptPolicy(policy="2021-wang", effective_from=day("2022-01-01"))
    later = adoption(adopted("2021", D2021), *outcome.events[:1]).when(again)
    assert later.state().in_force(day("2022-06-01")).version == "2021-wang"


def test_a_file_is_adopted_from_a_day_to_come() -> None:
    ahead = OWN.model_copy(update={"effective_from": day("2030-01-01")})

    state = adoption(adopted("2021", D2021)).when(ahead).state()

    assert in_force(state, day("2029-12-31")) == "2021"
    assert in_force(state, day("2030-01-01")) == "2021-wang"


def test_a_file_is_adopted_from_no_day_before_the_last_adoption() -> None:
    adoption(adopted("2021", D2021), LATER).when(OWN).refused(
        "policy.before-last-adoption", day=D2023, last=D2025
    )


def test_a_file_with_faults_is_not_adopted() -> None:
    wrong = OWN.model_copy(update={"file": OWN_TEXT.replace("every_years = 2", "every_years = 0")})

    adoption(adopted("2021", D2021)).when(wrong).refused(
        "policy-file.wrong", PolicyFileWrong, path="rounds.every_years"
    )


def test_a_file_has_a_version_of_its_own() -> None:
    changed = f"# changed\n{TEXT}"
    as_products = AdoptPolicyFile(file=changed, effective_from=D2023)
    other = AdoptPolicyFile(file=f"# changed\n{OWN_TEXT}", effective_from=D2025)
    known = list(adoption(adopted("2021", D2021)).when(OWN).events)

    adoption(adopted("2021", D2021)).when(as_products).refused(
        "policy.version-taken", policy="2021"
    )
    adoption(adopted("2021", D2021), *known).when(other).refused(
        "policy.version-taken", policy="2021-wang"
    )
    same = AdoptPolicyFile(file=TEXT, effective_from=D2023)
    adoption(adopted("2021", D2021)).when(same).refused("policy.in-force-already")


def test_nothing_is_decided_by_a_file_that_this_version_cannot_read() -> None:
    newer = OWN_TEXT.replace("[work]", "[something_new]\na = 1\n\n[work]").replace("wang", "new")
    learn(newer)
    event = PolicyAdopted(
        version="2021-new",
        title=Bilingual(zh="新", en="new"),
        digest=policy_digest(newer),
        effective_from=D2021,
    )

    with pytest.raises(Refused) as refused:
        Adopted(id="policy").fold([event]).in_force(D2023)

    assert refused.value.code == "policy.file-unreadable"
    assert "no such entry" in refused.value.words.en


def test_who_may_adopt_the_policy_in_force_says_and_the_arbiter_always_may() -> None:
    opened = OWN_TEXT.replace('may_adopt = ["arbiter"]', 'may_adopt = ["steward"]')
    first = AdoptPolicyFile(file=opened, effective_from=D2023)

    adoption(adopted("2021", D2021)).when(first, by="steward").refused(
        "role.lacking", NotAuthorised
    )
    assert adoption(adopted("2021", D2021)).when(first, by="arbiter").refusal is None
