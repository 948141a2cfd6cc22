"""UUIDs from text: the driver's, in every form that Python's reads."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.uuids import uuid_of

TEXT = "0190163d-8694-739b-aea5-966c26f8ad91"
FORMS = (TEXT, TEXT.upper(), TEXT.replace("-", ""), f"{{{TEXT}}}", f"urn:uuid:{TEXT}")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_python_reads_is_read(form: str) -> None:
    assert uuid_of(form) == UUID(form)


@given(st.uuids())
def test_one_is_found_where_pythons_own_is_and_written_the_same(own: UUID) -> None:
    made = uuid_of(str(own))
    assert {made: 1}[own] == {own: 1}[made] == 1
    assert str(made) == str(own)


@given(st.text(max_size=45))
def test_what_python_refuses_is_refused(text: str) -> None:
    try:
        expected = UUID(text)
    except ValueError:
        with pytest.raises(ValueError, match="badly formed"):
            uuid_of(text)
    else:
        assert uuid_of(text) == expected
