"""Bad input: a clear message each, and nothing lost or counted twice."""

import gzip
import io
import zipfile

import msoffcrypto.format.ooxml
import openpyxl
import pytest

from auditkit.model import InputError
from auditkit.read.case import read_case
from tests.read.papers import BANK, LEDGER, ROWS, book, text


def codes(books):
    return [i.code for i in books.issues]


def refused(path, **arguments):
    with pytest.raises(InputError) as caught:
        read_case(path, **arguments)
    return caught.value


def test_an_empty_folder(tmp_path):
    assert refused(tmp_path).issues[0].code == "F03"


def test_no_such_folder(tmp_path):
    assert "没有这个文件夹" in str(refused(tmp_path / "nowhere"))


def test_a_folder_of_a_picture_alone(tmp_path):
    (tmp_path / "合同.jpg").write_bytes(b"\xff\xd8\xff\xe0picture")
    error = refused(tmp_path)
    assert "合同.jpg" in str(error) and "图片" in str(error)


def test_a_password_protected_workbook(tmp_path):
    plain = io.BytesIO(book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS]).read_bytes())
    with (tmp_path / "台账.xlsx").open("wb") as locked:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    error = refused(tmp_path)
    assert error.issues[0].code == "F02" and "台账.xlsx" in str(error) and "密码" in str(error)


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_truncated_workbook(tmp_path, kept):
    data = book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS]).read_bytes()
    (tmp_path / "台账.xlsx").write_bytes(data[: int(len(data) * kept)])
    assert refused(tmp_path).issues[0].code == "F01"


def test_every_unreadable_file_is_named_at_once(tmp_path):
    book(tmp_path / "好.xlsx", 台账=[LEDGER, *ROWS])
    (tmp_path / "一.xlsx").write_bytes(b"PK\x03\x04broken")
    (tmp_path / "二.csv").write_bytes(b"\xff\xff\x80\x81\x00\x00\xfe\xfe" * 40)
    assert {i.file for i in refused(tmp_path).issues} == {"一.xlsx", "二.csv"}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_files_in_every_encoding(tmp_path, encoding, mark):
    text(tmp_path / "台账.csv", [["某小区公共收益台账"], LEDGER, *ROWS], encoding, mark)
    books, case, _ = read_case(tmp_path)
    assert not books.issues
    assert books["ledger"]["amount"].tolist() == [100000, 20050, 3500]
    assert books["ledger"]["row"].tolist() == [3, 4, 5]
    assert (str(case.start.date()), str(case.end.date())) == ("2024-03-01", "2024-04-30")


def test_a_ledger_with_an_impossible_date(tmp_path):
    rows = [[*r] for r in ROWS]
    rows[1][1] = "2023-11-31"
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *rows])
    books, _, _ = read_case(tmp_path)
    (issue,) = books.issues
    assert (issue.code, issue.place(), issue.column, issue.value) == ("Q03", "台账.xlsx#台账!3", "日期", "2023-11-31")
    assert "不存在" in issue.message
    assert books["ledger"]["doubt"].tolist() == ["", "date", ""], "the row stays visible"
    assert books["ledger"]["amount"].tolist() == [100000, 20050, 3500]


def test_two_sheets_with_the_same_ledger_are_counted_once(tmp_path):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS], 副本=[["某小区"], LEDGER, *ROWS])
    books, _, intake = read_case(tmp_path)
    assert len(books["ledger"]) == 3
    (issue,) = books.issues
    assert issue.code == "T04" and "台账.xlsx#台账" in issue.message and "只计一次" in issue.message
    assert [a.kind for a in intake.aside if a.sheet == "副本"] == ["标题", "重复的表"]


def test_two_versions_of_one_ledger_are_refused(tmp_path):
    other = [[*r] for r in ROWS] + [["记-0004", "2024-04-09", "收入", "快递柜", "丙公司", "柜", 88, 922.5]]
    other[0][6] = 1100
    changed = [*[[*r] for r in ROWS], ["记-0005", "2024-04-19", "支出", "能耗", "供电", "电", 9, 825.5]]
    more = [["记-0006", f"2024-05-{n:02d}", "收入", "临时停车", "", f"车{n}", n, ""] for n in range(1, 9)]
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *changed, *more], 改后=[LEDGER, *other, *more])
    error = refused(tmp_path)
    assert error.issues[0].code == "T05" and "两个版本" in str(error)


def test_a_ledger_sheet_a_month_is_put_together(tmp_path):
    book(tmp_path / "台账.xlsx", **{"3月": [LEDGER, *ROWS[:2]], "4月": [LEDGER, ROWS[2]]})
    books, _, _ = read_case(tmp_path)
    assert not books.issues
    assert books["ledger"]["amount"].tolist() == [100000, 20050, 3500]


def test_two_compounds_in_one_case_are_refused(tmp_path):
    head = ["小区编号", "小区名称", "物业企业"]
    book(tmp_path / "概况.xlsx", 甲=[head, ["1", "甲小区", "某物业"]], 乙=[head, ["2", "乙小区", "某物业"]])
    error = refused(tmp_path, period="2024")
    assert "一个文件夹只放一个小区" in str(error)


def test_one_contract_number_with_two_contents_is_in_doubt(tmp_path):
    head = ["合同编号", "类别", "相对方", "起始日", "截止日", "每期金额", "付款周期"]
    one = ["HT-1", "电梯广告", "甲", "2024-01-01", "2024-12-31", 1000, "年"]
    book(
        tmp_path / "合同.xlsx",
        总部=[head, one, ["HT-2", *one[1:]]],
        项目部=[head, [*one[:5], 900, "年"], ["HT-2", *one[1:]]],
    )
    books, _, _ = read_case(tmp_path, period="2024")
    assert books["contracts"]["contract_no"].tolist() == ["HT-1", "HT-2", "HT-1"]
    assert books["contracts"]["doubt"].tolist() == ["contract_no", "", "contract_no"]
    assert codes(books) == ["T06"]


def test_a_header_twice_as_a_row(tmp_path):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS[:2], LEDGER, ROWS[2]])
    books, _, intake = read_case(tmp_path)
    assert not books.issues
    assert books["ledger"]["row"].tolist() == [2, 3, 5]
    assert [(a.row, a.kind) for a in intake.aside] == [(4, "重复表头")]


def test_a_header_twice_as_a_column(tmp_path):
    rows = [[*ROWS[0], 1000], [*ROWS[1], 300], [*ROWS[2], None]]
    book(tmp_path / "台账.xlsx", 台账=[[*LEDGER, "金额"], *rows])
    books, _, _ = read_case(tmp_path)
    assert sorted(codes(books)) == ["Q03", "T03"]
    assert books["ledger"]["doubt"].tolist() == ["", "amount", ""]
    assert books["ledger"]["amount"].tolist()[0] == 100000


def test_overlapping_exports_of_one_account_lose_and_repeat_nothing(tmp_path):
    rows = [["620001", f"2024-03-{d:02d}", "", 10, "", "", "甲", "", ""] for d in (1, 2, 2, 3, 4)]
    text(tmp_path / "一.csv", [BANK, *rows[:4]])
    text(tmp_path / "二.csv", [BANK, *rows[1:]])
    books, _, _ = read_case(tmp_path, period="2024-03")
    assert books["bank"]["date"].dt.day.tolist() == [1, 2, 2, 3, 4], "two equal receipts of one day are two"
    assert codes(books) == ["T04"]


def test_formulas_without_stored_values(tmp_path):
    rows = [[*r] for r in ROWS]
    rows[1][6] = "=G2*2"
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *rows, ["合计", *[None] * 5, "=SUM(G2:G4)"], ["", *[None] * 5, None]])
    books, _, _ = read_case(tmp_path)
    assert books["ledger"]["doubt"].tolist() == ["", "amount", ""]
    assert "没有存储结果" in books.issues[0].message
    assert len(books.totals) == 1


def test_a_sheet_with_a_million_blank_rows(tmp_path):
    wb = openpyxl.Workbook()
    ws = wb.active
    for row in [LEDGER, *ROWS]:
        ws.append(row)
    ws.cell(1_048_576, 1).number_format = "0.00"
    wb.save(tmp_path / "台账.xlsx")
    books, _, _ = read_case(tmp_path)
    assert len(books["ledger"]) == 3 and not books.issues


def test_what_a_file_is_stands_in_its_bytes(tmp_path):
    book(tmp_path / "台账.csv", 台账=[LEDGER, *ROWS])
    (tmp_path / "概况.xls").write_text(
        "<html><table><tr><th>小区编号</th><th>小区名称</th><th>物业企业</th></tr>"
        "<tr><td>140802001</td><td>某小区</td><td>某物业</td></tr></table></html>", encoding="gb18030",
    )  # fmt: skip
    text(tmp_path / "账户.xls", [["账号", "户名", "账户性质"], ["620001", "某", "公共收益专户"]], "gb18030", "\t")
    books, case, _ = read_case(tmp_path)
    assert {"ledger", "compound", "accounts"} <= books.given
    assert case.compound_id == "140802001"


def test_archives_are_opened(tmp_path):
    inner = text(tmp_path / "x.csv", [LEDGER, *ROWS], "gb18030").read_bytes()
    (tmp_path / "x.csv").unlink()
    with zipfile.ZipFile(tmp_path / "账.zip", "w") as archive:
        archive.writestr("台账.csv", inner)
        archive.writestr("扫描.pdf", b"%PDF-1.7")
    (tmp_path / "银行.csv.gz").write_bytes(gzip.compress(",".join(BANK).encode() + b"\n"))
    books, _, _ = read_case(tmp_path)
    assert set(books["ledger"]["file"]) == {"账.zip/台账.csv"}
    assert "bank" in books.given and books["bank"].empty
    assert codes(books) == ["F05"]


def test_unknown_category_words_are_shown_and_never_other(tmp_path):
    rows = [[*r] for r in ROWS]
    rows[0][3], rows[1][3] = "神秘收入", "其他"
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *rows])
    books, _, _ = read_case(tmp_path)
    assert books["ledger"]["category"].tolist() == ["", "其他支出", "临时停车"]
    assert [(i.code, i.row, i.value) for i in books.issues] == [("Q08", 2, "神秘收入")]


def test_a_sheet_that_may_be_two_tables_is_not_guessed(tmp_path):
    book(tmp_path / "甲.xlsx", 甲=[["日期", "摘要", "收入", "支出", "余额"], ["2024-03-05", "租金", 100, None, 100]])
    books, _, intake = read_case(tmp_path, period="2024")
    assert not books.given
    assert codes(books) == ["T02"]
    assert set(intake.unread[0].tied) == {"ledger", "bank"}


def test_unknown_keys_of_case_toml(tmp_path):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    (tmp_path / "case.toml").write_text(
        'perod = "2024"\nwindow_days = "five"\n[map."台账.xlsx#没有"]\ntable = "ledger"\n'
    )
    text_ = str(refused(tmp_path))
    assert "perod" in text_ and "period" in text_ and "window_days" in text_


def test_a_map_of_a_sheet_that_is_not_there(tmp_path):
    book(tmp_path / "台账.xlsx", 台账=[LEDGER, *ROWS])
    (tmp_path / "case.toml").write_text(
        '[map."台账.xlsx#没有"]\ntable = "ledger"\n[map."台账.xlsx#台账"]\ntable = "台帐"\n'
    )
    text_ = str(refused(tmp_path))
    assert "台账.xlsx#台账" in text_ and "table 应为" in text_


def test_no_period(tmp_path):
    book(tmp_path / "账户.xlsx", 账户=[["账号", "户名", "账户性质"], ["620001", "某", "公共收益专户"]])
    assert "--period" in str(refused(tmp_path))
    assert "期间，如" in str(refused(tmp_path, period="明年"))
