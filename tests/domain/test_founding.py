from domain.adoption.events import PolicyAdopted
from domain.batch.events import BatchApplied, BatchReceived
from domain.batch.receiving import ApplyBatch, ReceiveBatch
from domain.founding.events import RecordFounded
from domain.founding.founding import FoundRecord
from domain.founding.state import Founded
from domain.jurisdiction.events import JurisdictionEstablished
from domain.kernel.event import StreamEvent
from domain.kernel.policy import built_in
from domain.kernel.refusal import NotOnRecord
from tests.domain.given import BEGIN, Given, day, given

FOUND = FoundRecord(
    city_name="绵阳市", city_code="510700", policy="2021", origin="annals.example/2026"
)
NOTHING = Given({}, "record")
POLICY, DIGEST, _ = built_in()["2021"]
FOUNDED = RecordFounded(
    city=FOUND.city,
    city_name="绵阳市",
    origin="annals.example/2026",
    policy="2021",
    policy_digest=DIGEST,
    simulation=False,
)
RECEIVE = ReceiveBatch(
    source="roster", file_name="2018.csv", file_digest="0" * 64, rows=532, as_of=BEGIN
)
RECEIVED = BatchReceived(**vars(RECEIVE))


def test_a_record_begins_with_its_city_and_its_policy() -> None:
    outcome = NOTHING.when(FOUND)

    outcome.then(
        FOUNDED,
        StreamEvent(
            f"jurisdiction:{FOUND.city}",
            JurisdictionEstablished(
                level="city", name="绵阳市", code="510700", effective_from=day("1949-10-01")
            ),
        ),
        StreamEvent(
            "policy",
            PolicyAdopted(
                version="2021",
                title=POLICY.title,
                digest=DIGEST,
                effective_from=POLICY.effective_from,
            ),
        ),
    ).claimed(_510700=[f"1949-10-01 on jurisdiction:{FOUND.city}"])
    founded: Founded = outcome.state()
    assert (founded.city, founded.simulation) == (FOUND.city, False)


def test_the_policy_is_in_force_when_the_record_begins() -> None:
    outcome = NOTHING.when(FOUND, today=day("2020-12-01"))

    assert outcome.state("policy").in_force(day("2020-12-01")) == POLICY


def test_a_record_is_founded_once() -> None:
    NOTHING.with_("record", FOUNDED).when(FOUND).refused(
        "record.founded-already", city_name="绵阳市"
    )


def test_a_record_starts_under_a_policy_of_the_product() -> None:
    NOTHING.when(FOUND.model_copy(update={"policy": "1999"})).refused(
        "policy.no-file", NotOnRecord, policy="1999"
    )


def test_a_city_has_a_code_of_4_or_6_digits() -> None:
    short = FOUND.model_copy(update={"city_code": "5107"})

    short_outcome = NOTHING.when(short)

    short_outcome.claimed(_5107=[f"1949-10-01 on jurisdiction:{FOUND.city}"])
    NOTHING.when(FOUND.model_copy(update={"city_code": "510703001"})).refused(
        "jurisdiction.wrong-code-length", code="510703001", digits=9
    )


def test_the_citys_id_is_the_same_whenever_this_record_is_founded() -> None:
    other = FOUND.model_copy(update={"origin": "annals.example/2027"})

    assert FOUND.city == FOUND.model_copy().city != other.city


def test_a_simulation_says_so_for_ever() -> None:
    outcome = NOTHING.when(FOUND.model_copy(update={"simulation": True}))

    assert outcome.state().simulation


def test_a_batch_is_received_and_applied_once() -> None:
    fresh = given().on("batch:b1")
    applied = BatchApplied(entries=1100)

    fresh.when(RECEIVE).then(RECEIVED)
    given(RECEIVED).on("batch:b1").when(RECEIVE).refused("subject.already-on-record")
    given(RECEIVED).on("batch:b1").when(ApplyBatch(entries=1100)).then(applied)
    given(RECEIVED, applied).on("batch:b1").when(ApplyBatch(entries=1)).refused(
        "batch.applied-already"
    )
    fresh.when(ApplyBatch(entries=1)).refused("subject.not-on-record", NotOnRecord)
