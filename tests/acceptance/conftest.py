"""The journeys go through the same doors as the tests of the doors."""

import pytest

from record.store.record import Record
from tests.api.clerk import Clerk
from tests.api.conftest import app, clerk, community, processes, subdistrict
from tests.city import put_on_register

__all__ = ["app", "clerk", "community", "processes", "subdistrict"]

OFFICES = {
    "unit:city-management": "示例市城市管理局",
    "unit:school": "城厢小学",
    "unit:bank": "城厢支行",
    "unit:clinic": "卫生服务站",
    "unit:grid": "供电所",
    "unit:street": "城厢街道办事处",
    "unit:university": "示例大学",
    "person:zhao": "赵敏",
    "person:zhao.min": "赵敏敏",
}


@pytest.fixture
def offices(clerk: Clerk, community: str) -> None:  # noqa: ARG001 - it needs the city
    """Offices and officials of the city, whom the journeys name."""
    with Record(clerk.url) as record:
        put_on_register(record, OFFICES)
