"""S-10: nobody outside reads of a child under ten as a suspect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from booklets.answers import frozen
from sync_server.wording import Words
from tests.support.builders import a_person, a_ppn


@pytest.mark.parametrize(("born", "young"), [("2017-05-02", True), ("2014-05-02", False)])
def test_no_council_reads_of_a_child_under_ten_as_a_suspect(born: str, young: bool) -> None:
    """The kind of incident is put in other words; of a child of eleven it is said as it was chosen."""
    child = replace(a_person(), facts=frozen({**a_person().facts, "person.dob": born}))
    ppn = a_ppn({"ppn.incident_type": "crime_suspect"}, entities=(child,))

    why = Words([ppn]).lines("ppn.incident_type")

    assert ("nobody's suspect" in why) is young
    assert ("Child is suspected of a crime" in why) is not young
