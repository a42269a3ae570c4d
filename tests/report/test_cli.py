"""The command: exit codes, both languages, and nothing heavy before it is needed."""

import json
import os
import re
import subprocess
import sys

import pytest

from auditkit.lab import prepare_lab
from auditkit.report.annotate import annotate
from auditkit.rules import catalogue
from tests.report import torture
from tests.report.test_annotate import LINES


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "auditkit", *map(str, arguments)], capture_output=True, text=True, cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"},
    )  # fmt: skip


def test_help_in_both_languages_with_an_example_for_each_command():
    zh = run("--help")
    assert zh.returncode == 0
    commands = re.findall(r"^  (\w+)  ", zh.stdout, re.M)
    assert {"demo", "template", "audit", "rules", "strip", "lab"} <= set(commands)
    for command in commands:
        told = run(command, "--help").stdout
        assert "COMMAND [ARGS]" in told or re.search(r"例[:：]\s*auditkit", told), command
    en = run("audit", "--help", "--lang", "en")
    assert "Example: auditkit audit" in en.stdout
    assert "审计" not in en.stdout


def test_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from auditkit.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('pandas', 'numpy', 'matplotlib', 'IPython', 'nbformat', 'openpyxl', 'xlsxwriter', "
        "'great_expectations', 'dask', 'duckdb') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [["bogus"], ["audit"], ["audit", "x"], ["--lang", "fr", "rules"], ["rules", "XXX99"], ["strip", "none.xlsx"]],
)
def test_usage_ends_with_2_and_says_why_on_stderr(arguments, tmp_path):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_rules_lists_every_test_and_shows_a_page():
    listed = run("rules")
    assert listed.returncode == 0
    assert set(re.findall(r"^ ?([A-Z]{3}\d\d) ", listed.stdout, re.M)) == set(catalogue())
    assert "台账余额不连续" in listed.stdout
    assert "ledger balance break" in run("rules", "--lang", "en").stdout
    page = run("rules", "ldg01")
    assert page.returncode == 0
    assert page.stdout.startswith("# LDG01 台账余额不连续")


def test_template_writes_the_blank_tables(tmp_path):
    done = run("template", tmp_path / "模板")
    assert done.returncode == 0
    assert len(list((tmp_path / "模板").glob("*.xlsx"))) == 15


def test_strip_gives_the_original_back_and_never_writes_over_another_file(tmp_path):
    source = torture.make("simple", tmp_path)
    whole = source.read_bytes()
    target = tmp_path / "simple.标注.xlsx"
    annotate(source, target, LINES)
    refused = run("strip", target)
    assert refused.returncode == 2
    assert "已存在" in refused.stderr
    source.unlink()
    done = run("strip", target)
    assert done.returncode == 0
    assert source.read_bytes() == whole
    assert run("strip", source, "--out", tmp_path / "x").returncode == 2
    assert run("strip", target, "--out", tmp_path / "x").returncode == 0
    assert (tmp_path / "x").read_bytes() == whole


def test_lab_gets_the_notebooks_with_the_case_and_leaves_what_was_worked_on(tmp_path):
    case = tmp_path / "资料"
    case.mkdir()
    folder, environment = prepare_lab(case, tmp_path / "lab", "zh")
    book = json.loads((folder / "compound_audit.ipynb").read_text(encoding="utf-8"))
    assert any('case = "../资料"' in "".join(c["source"]) for c in book["cells"])
    settings = next((folder / ".jupyter-settings").rglob("*.jupyterlab-settings"))
    assert json.loads(settings.read_text())["locale"] == "zh_CN"
    assert str(folder) in environment["JUPYTERLAB_SETTINGS_DIR"]
    (folder / "compound_audit.ipynb").write_text("worked on")
    prepare_lab(None, tmp_path / "lab", "en")
    assert (folder / "compound_audit.ipynb").read_text() == "worked on"
    assert (folder / "compound_audit-2.ipynb").exists()


def county_case(folder):
    """A small case folder of which two sheets are recognised and one is not."""
    import xlsxwriter

    folder.mkdir()
    with xlsxwriter.Workbook(folder / "资料.xlsx") as book:
        sheet = book.add_worksheet("公共收益台账")
        sheet.write_row(0, 0, ["凭证号", "日期", "收支", "类别", "对方", "金额"])
        sheet.write_row(1, 0, ["JZ-1", "2024-01-05", "收入", "快递柜", "虚构快递有限公司", 3000])
        sheet.write_row(2, 0, ["JZ-3", "2023-11-31", "收入", "快递柜", "虚构快递有限公司", 30])
        contracts = book.add_worksheet("经营合同台账")
        contracts.write_row(0, 0, ["合同编号", "类别", "相对方", "起始日", "截止日", "每期金额", "付款周期"])
        contracts.write_row(1, 0, ["HT-7", "快递柜", "虚构快递有限公司", "2024-01-01", "2024-12-31", 5000, "季"])
        book.add_worksheet("随手记").write_row(0, 0, ["甲", "乙"])
    return folder


def test_check_says_what_was_recognised_in_doubt_and_missing(tmp_path):
    done = run("check", county_case(tmp_path / "案"), "--period", "2024-01")
    assert done.returncode == 3
    for word in ("公共收益台账", "经营合同台账", "随手记", "未提供 银行流水，因此不能测试：", "地方标准未载入"):
        assert word in done.stdout, word
    assert "2023-11-31" in done.stdout, "what stood there"
    assert "资料.xlsx#公共收益台账!3" in done.stdout, "and where"


def test_read_tells_one_file_in_words_json_and_rows(tmp_path):
    folder = county_case(tmp_path / "案")
    done = run("read", folder / "资料.xlsx", "--json", "--rows", tmp_path / "rows.csv")
    assert done.returncode == 3
    card = json.loads(done.stdout)
    assert {
        "importer", "table", "encoding", "header_row", "rows", "first", "last", "in", "out", "neutral", "not_counted",
        "opening", "closing", "breaks", "declared", "issues",
    } <= set(card)  # fmt: skip
    assert (card["table"], card["rows"], card["in"], card["header_row"]) == ("ledger", 2, 303000, 1)
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8-sig").count("\n") == 3
    assert "收入合计" in run("read", folder / "资料.xlsx").stdout
    (tmp_path / "x.csv").write_text("没有,表头\n1,2\n", encoding="utf-8")
    nothing = run("read", tmp_path / "x.csv")
    assert nothing.returncode == 2
    assert "没有认出任何表格" in nothing.stderr


def test_bad_input_is_told_whole_and_ends_with_2(tmp_path):
    (tmp_path / "空").mkdir()
    for case in (tmp_path / "空", tmp_path / "没有"):
        done = run("audit", case, "--out", tmp_path / "out")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()
    folder = county_case(tmp_path / "案")
    inside = run("audit", folder, "--out", folder / "out")
    assert inside.returncode == 2
    assert "--out" in inside.stderr
    assert not (folder / "out").exists()
