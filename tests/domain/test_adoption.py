from datetime import date

import pytest

from domain.adoption.adopting import AdoptPolicy, RepealPolicy, adopted
from domain.adoption.events import PolicyAdopted, PolicyRepealed, PolicySuperseded
from domain.adoption.state import Adopted
from domain.kernel.refusal import NotOnRecord, Refused
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


def adoption(*events: PolicyAdopted) -> Given:
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


def test_only_a_policy_of_the_product_is_adopted() -> None:
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
