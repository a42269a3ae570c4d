"""A case folder becomes books and parameters."""

import pandas as pd
import pytest

from auditkit.demo import write_county
from auditkit.model import InputError
from auditkit.read.case import read_case


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    write_county(folder, 4, stays=200, costs=60)
    return folder


@pytest.mark.parametrize("name", ["140802001", "140802002", "140802003", "140802004"])
def test_a_folder_of_templates_is_read_whole(county, name):
    books, case, intake = read_case(county / name)
    assert case.compound_id == name
    assert (case.start, case.end) == (pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 12, 31))
    assert case.as_of == pd.Timestamp(2025, 2, 28)
    assert not books.issues
    assert {"compound", "accounts", "ledger", "bank", "contracts"} <= books.given
    assert all((frame["doubt"] == "").all() for frame in books.tables.values())
    assert not intake.unread


def test_a_folder_without_papers_is_refused(tmp_path):
    with pytest.raises(InputError, match="没有可以读取的资料"):
        read_case(tmp_path)
