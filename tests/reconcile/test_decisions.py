"""What people decided is replayed on every run, shown, undone by deleting its line, and told where it no longer fits."""

import pandas as pd
import pytest

from auditkit.model import InputError
from auditkit.read.decisions import read_decisions
from auditkit.reconcile.bank import reconciled
from auditkit.reconcile.decisions import misfits, standing
from tests.reconcile.test_bridge import CASE, books, day, income

HEAD = "决定,台账,银行,疑点,台账金额,银行金额,理由,姓名,日期\n"


def decisions(tmp_path, *lines, encoding="utf-8-sig"):
    (tmp_path / "decisions.csv").write_bytes((HEAD + "\n".join(lines) + "\n").encode(encoding))
    return read_decisions(tmp_path)


def view_with(frame):
    from dataclasses import replace

    ledger = [
        income("01-10", 5000, "甲公司", voucher_no="记-1"),
        income("01-25", 7000, "乙公司", voucher_no="记-2"),
    ]
    bank = [
        {"date": day("01-11"), "credit": 5000, "counterparty": "甲公司", "serial": "S1"},
        {"date": day("02-20"), "credit": 7000, "counterparty": "乙公司", "serial": "S2"},
    ]
    made = replace(books(ledger, bank), decisions=frame)
    return made, reconciled(made, CASE)


def told(made, view, *findings):
    return standing(made, set(findings), set(view.matches.groups["group"]))


def states(view):
    return list(view.sides["ledger"]["state"]), list(view.sides["statement"]["state"])


def test_a_pair_out_of_the_window_is_matched_by_decision_and_says_by_whom(tmp_path):
    _, plain = view_with(pd.DataFrame())
    assert states(plain)[0] == ["matched", "left"]
    made, view = view_with(decisions(tmp_path, "匹配,记-2,S2,,70.00,70.00,对方来函说明,王某,2024-03-01"))
    assert states(view) == (["matched", "matched"], ["matched", "matched"])
    table = view.groups_table().set_index("pass")
    assert table.loc["人工", "sentence"] == "王某于2024-03-01决定：对方来函说明"
    assert [one.words for one in told(made, view)] == ["已采用"]


def test_a_row_that_is_settled_otherwise_is_not_matched_by_a_decision_and_it_says_so(tmp_path):
    frame = decisions(tmp_path, "匹配,记-1,S1,,,,甲公司来函,王某,2024-03-01", "匹配,记-1,S1,,,,又一次,李某,2024-03-02")
    made, view = view_with(frame)
    first, second = told(made, view)
    assert first.applied
    assert not second.applied
    assert second.words.startswith("没有采用")


def test_a_pair_is_taken_apart(tmp_path):
    _, view = view_with(decisions(tmp_path, "不匹配,记-1,S1,,,,两笔不同的业务,王某,2024-03-01"))
    assert states(view)[0] == ["left", "left"]
    assert view.groups_table().empty


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("匹配,记-9,S2,,,,理由,王某,2024-03-01", "台账中已没有 记-9"),
        ("匹配,记-2,S2,,71.00,,理由,王某,2024-03-01", "台账金额已变为 70.00 元"),
        ("匹配,记-1,S2,,,,理由,王某,2024-03-01", "两边金额不等"),
    ],
)
def test_what_no_longer_fits_is_told_and_not_applied(tmp_path, line, says):
    made, view = view_with(decisions(tmp_path, line))
    assert states(view)[0] == ["matched", "left"]
    (one,) = told(made, view)
    assert one.words.startswith("没有采用")
    assert says in one.words
    assert one.words_en.startswith("not applied")
    (issue,) = misfits([one])
    assert (issue.file, issue.row) == ("decisions.csv", 2)


def test_an_accepted_finding_stands_and_says_so_until_it_is_gone(tmp_path):
    made, view = view_with(
        decisions(tmp_path, "接受,,,INC02-abc,,,业主大会同意缓收,王某,2024-03-01", encoding="gb18030")
    )
    assert told(made, view, "INC02-abc")[0].words == "疑点仍在，已接受"
    assert told(made, view)[0].words == "没有采用：疑点已不存在"


def test_a_decision_without_reason_name_or_date_is_none_and_all_lines_are_told(tmp_path):
    with pytest.raises(InputError) as refused:
        decisions(tmp_path, "匹配,记-2,S2,,,,,王某,2024-03-01", "驳回,记-2,,,,,理由,,昨天")
    told = [(i.row, i.message) for i in refused.value.issues]
    assert (2, "缺少理由") in told
    assert (3, "决定应为: 匹配、不匹配、接受") in told
    assert (3, "缺少姓名") in told
    assert (3, "日期应如 2024-06-07") in told
