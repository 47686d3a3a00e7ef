"""Every link that a role sees leads to a page that is whole: no dead end, no foreign host, no text
of the other language, no id where a name belongs."""

import pytest

from demo.visitors import VISITORS
from tests.browser.conftest import Site
from tests.browser.walk import faults, walk


@pytest.mark.parametrize("role", [each.role for each in VISITORS])
def test_every_link_that_a_role_sees_leads_to_a_whole_page(site: Site, role: str) -> None:
    if role == "arbiter":  # who sees all of it
        pages = walk(site, role, "/", "/overview?effective=2021-05-01")
    else:
        pages = walk(site, role, "/", languages=1)
    wrong = {(page.address, fault) for page in pages for fault in faults(page)}

    assert wrong == set()
