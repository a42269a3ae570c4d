"""The compound's notebook: parameters refused before anything runs, the same cells by papermill, a page without code."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap

import nbformat
import pytest

from auditkit import audit
from auditkit.model import InputError, Subject
from auditkit.report.notebook import check_parameters, execute, parameters
from auditkit.shipped import shipped
from tests.report.made import RULES, outcome

SOURCE = shipped("notebooks") / "compound_audit.ipynb"
GIVEN = {"case": '../资料/小区 "一"', "period": "2024-01..2024-12", "pack": ""}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    audit.write_notebook(outcome(), folder, GIVEN)
    return folder


def test_the_notebook_in_the_tree_has_no_outputs_and_no_logic():
    notebook = nbformat.read(SOURCE, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert not re.search(r"^\s*(for|if|while|def|class|with|try|lambda)\b", cell.source, re.M), cell.source
    assert [p.name for p in parameters(notebook)] == ["case", "period", "pack"]


def test_it_tells_the_story(made):
    notebook = nbformat.read(made / "audit.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert [c.execution_count for c in code] == list(range(1, len(code) + 1))
    injected = next(c for c in code if "injected-parameters" in c.metadata.tags)
    assert 'case = "../资料/小区 \\"一\\""' in injected.source
    assert notebook.metadata.papermill.parameters == GIVEN
    text = json.dumps(notebook, ensure_ascii=False)
    for word in ("虚构花园", "未提供", "应收 5,000.00 元", "地方标准未载入", "截止日无法读取", "公示记录"):
        assert word in text
    assert sum("image/png" in o.get("data", {}) for c in code for o in c.outputs) == 8


def test_the_page_has_no_code_no_script_nothing_from_outside(made):
    page = (made / "audit.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert 'lang="zh-CN"' in page
    assert 'name="viewport"' in page
    assert "open_case" not in page
    assert "<script" not in page
    outside = re.findall(r"""(?:src|href|action|data|poster)\s*=\s*["']?\s*(?!data:image/png|#)([^"'\s>]+)""", page)
    assert not [u for u in outside if re.match(r"(https?:)?//", u)]
    assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", page)
    assert "default-src 'none'" in page
    alts = re.findall(r'<img [^>]*alt="([^"]+)"', page)
    assert len(alts) == 8 == page.count("<img ")
    assert len(page) < 400_000
    for word in ("虚构花园", "INC02 合同应收少收", "没有测试的检查"):
        assert word in page


def test_what_stands_in_the_papers_is_shown_and_never_run(tmp_path):
    r = RULES["CSH01"]
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    found = r.finding(Subject("voucher_no", evil), evil, evil, ())
    audit.write_notebook(outcome(verdicts=(r.verdict(1, [found]),)), tmp_path, GIVEN)
    page = (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_the_same_bytes_twice(made, tmp_path):
    audit.write_notebook(outcome(), tmp_path, GIVEN)
    for name in ("audit.ipynb", "audit.html"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"case": "x", "perod": ""}, "perod"),
        ({}, "缺少必填参数“case”"),
        ({"case": 7}, "“case”应为 str，实为 7"),
        ({"case": "x", "period": True}, "“period”应为 str"),
        ({"perod": 1, "period": 1}, "缺少必填参数"),
    ],
)
def test_wrong_parameters_fail_before_anything_runs(tmp_path, given, word, monkeypatch):
    monkeypatch.setattr(audit, "open_case", lambda *a, **k: pytest.fail("a cell ran"))
    with pytest.raises(InputError, match=word) as caught:
        execute(SOURCE, tmp_path / "out.ipynb", given)
    assert not (tmp_path / "out.ipynb").exists()
    if given == {"perod": 1, "period": 1}:
        assert len(caught.value.issues) == 3, "all that is wrong, not the first"


def test_numbers_lists_and_defaults_are_checked_by_their_types():
    cell = nbformat.v4.new_code_cell("a: int = 1\nb: float = 0.5\nc: list = None\nd: bool = False")
    cell.metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    check_parameters(SOURCE, notebook, {"a": 2, "b": 1, "c": ["x"], "d": True})
    for wrong in ({"a": 1.5}, {"a": True}, {"b": "1"}, {"d": 1}):
        with pytest.raises(InputError):
            check_parameters(SOURCE, notebook, {"c": [], **wrong})


def test_a_cell_that_fails_stops_the_run_and_says_which(tmp_path, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a bug")

    monkeypatch.setattr(audit, "open_case", broken)
    with pytest.raises(RuntimeError) as caught:
        execute(SOURCE, tmp_path / "out.ipynb", {"case": "x"})
    assert any("compound_audit.ipynb, cell" in note for note in caught.value.__notes__)
    assert not (tmp_path / "out.ipynb").exists()


@pytest.mark.slow
def test_papermill_gives_the_same_cells(made, tmp_path):
    """The same notebook in a cold kernel; there the case is opened by a stand-in that makes the same books."""
    folder = tmp_path / "kernel"
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "sitecustomize.py").write_text(
        textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(SOURCE.parents[1])!r})
        import auditkit.audit
        from tests.report.made import outcome
        auditkit.audit.open_case = lambda *a, **k: outcome()
        """),
        encoding="utf-8",
    )
    shutil.copy(SOURCE, folder / "in.ipynb")
    code = (
        "import papermill, sys, json; "
        "papermill.execute_notebook('in.ipynb', 'out.ipynb', parameters=json.loads(sys.argv[1]), progress_bar=False)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(GIVEN)], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(folder / "site"), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = nbformat.read(folder / "out.ipynb", as_version=4)
    ours = nbformat.read(made / "audit.ipynb", as_version=4)

    def shown(notebook):
        cells = []
        for cell in notebook.cells:
            outputs = [
                {k: v.strip() if isinstance(v, str) else v for k, v in o.get("data", {}).items()}
                for o in cell.get("outputs", [])
            ]
            source = ast.dump(ast.parse(cell.source)) if cell.cell_type == "code" else cell.source
            cells.append((cell.cell_type, source, outputs, [o.get("metadata") for o in cell.get("outputs", [])]))
        return cells

    assert shown(theirs) == shown(ours)
