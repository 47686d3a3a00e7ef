"""Kills of server, worker and database under load: no receipt is lost, all recovers by itself."""

import random

import pytest

from tests.acceptance.kills import run

pytestmark = [pytest.mark.slow, pytest.mark.acceptance, pytest.mark.timeout(1200)]


def test_every_receipt_that_was_given_is_on_record_after_kills_of_each_process() -> None:
    seed = random.randrange(10_000)

    outcome = run(kills=1, clients=2, commands=60, seed=seed)

    assert outcome.missed == 0, seed
    assert outcome.receipts >= 60
