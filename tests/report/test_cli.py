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
        assert "例：auditkit" in re.sub(r"\s+", "", run(command, "--help").stdout).replace(
            "例：auditkit", "例：auditkit"
        )
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
