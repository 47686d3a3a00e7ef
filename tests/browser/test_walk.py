"""Every link that a role sees leads to a page that is whole: no dead end, no foreign host, no text
of the other language, no id where a name belongs."""

import pytest

from demo.visitors import VISITORS
from tests.browser.conftest import Site
from tests.browser.walk import faults, walk


@pytest.mark.parametrize("role", [each.role for each in VISITORS])
def test_every_link_that_a_role_sees_leads_to_a_whole_page(site: Site, role: str) -> None:
    wrong = {
        (page.address, fault)
        for beginning in ("/", "/?lang=en", "/overview?effective=2021-05-01")
        for page in walk(site, role, beginning, 2)
        for fault in faults(page)
    }

    assert wrong == set()
