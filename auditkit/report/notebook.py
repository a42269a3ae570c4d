"""The notebook of a compound: parameters checked first, cells run in this process, papermill's conventions kept."""

from __future__ import annotations

import ast
import base64
import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from auditkit.model import InputError, Issue
from auditkit.report.words import say

PARAMETERS: Final = "parameters"
INJECTED: Final = "injected-parameters"
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "str": (str,), "int": (int,), "float": (int, float), "bool": (bool,), "list": (list, tuple), "dict": (dict,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the notebook declares it: `name: type = default`; it is required where the default is None."""

    name: str
    type: str
    default: Any


def execute(source: Path, target: Path, given: Mapping[str, Any]) -> NotebookNode:
    """Runs a notebook with its parameters and writes the executed copy; nothing runs where a parameter is wrong.

    The copy is what papermill would write, less the times: the same inputs give the same bytes.

    Raises: InputError for unknown, missing or mistyped parameters; whatever a cell raises, with the cell's number.
    """
    notebook = nbformat.read(source, as_version=4)
    check_parameters(source, notebook, given)
    inject(notebook, given)
    scope: dict[str, Any] = {"__name__": "__main__"}
    count = 0
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        count += 1
        try:
            cell.outputs = _run(cell.source, scope, count)
        except Exception as error:
            error.add_note(f"{source.name}, cell {number}")
            raise
        cell.execution_count = count
    target.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    return notebook


def parameters(notebook: NotebookNode) -> tuple[Parameter, ...]:
    """The parameters that the notebook's cell tagged «parameters» declares."""
    tagged = (c for c in notebook.cells if PARAMETERS in c.metadata.get("tags", []))
    return tuple(
        Parameter(node.target.id, ast.unparse(node.annotation), ast.literal_eval(node.value))
        for cell in tagged
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None
    )


def check_parameters(source: Path, notebook: NotebookNode, given: Mapping[str, Any]) -> None:
    """Every parameter is known, of its type, and there where it is required.

    Raises: InputError with all that is wrong.
    """
    declared = {p.name: p for p in parameters(notebook)}
    known = "、".join(declared)
    wrong = [("notebook.unknown", {"name": n, "known": known}) for n in sorted(set(given) - set(declared))]
    for name, p in declared.items():
        if p.default is None and given.get(name) is None:
            wrong.append(("notebook.missing", {"name": name}))
        elif name in given and not _fits(p, given[name]):
            wrong.append(("notebook.mistyped", {"name": name, "type": p.type, "value": repr(given[name])}))
    if wrong:
        raise InputError(
            [Issue("N01", say(key, **v), say(key, "en", **v), file=source.name) for key, v in wrong]
        )  # fmt: skip


def _fits(parameter: Parameter, value: Any) -> bool:
    expected = _TYPES[parameter.type]
    if isinstance(value, bool) and bool not in expected:
        return False
    return isinstance(value, expected)


def inject(notebook: NotebookNode, given: Mapping[str, Any]) -> None:
    """A cell with the values right after the parameters, as papermill does; an older one of its kind goes."""
    kept = [c for c in notebook.cells if INJECTED not in c.metadata.get("tags", [])]
    lines = "\n".join(f"{name} = {_literal(value)}" for name, value in given.items())
    cell = new_code_cell(f"# Parameters\n{lines}\n", id=INJECTED, metadata={"tags": [INJECTED]})
    at = next((n for n, c in enumerate(kept, start=1) if PARAMETERS in c.metadata.get("tags", [])), 0)
    notebook.cells = [*kept[:at], cell, *kept[at:]]
    notebook.metadata["papermill"] = {"parameters": dict(given)}


def _literal(value: Any) -> str:
    """A value as papermill writes it: text in double quotes."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return repr(value)


def _run(source: str, scope: dict[str, Any], count: int) -> list[NotebookNode]:
    """One cell: what it printed, and what its last expression shows."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), scope)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), scope)
    outputs: list[NotebookNode] = []
    if printed.getvalue():
        outputs.append(new_output("stream", name="stdout", text=printed.getvalue()))
    if value is not None:
        data, metadata = _shown(value)
        outputs.append(new_output("execute_result", data=data, metadata=metadata, execution_count=count))
    return outputs


def _shown(value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A value in the forms that Jupyter shows it in."""
    from IPython.core.formatters import DisplayFormatter

    data, metadata = DisplayFormatter().format(value)
    plain = {kind: base64.b64encode(v).decode("ascii") if isinstance(v, bytes) else v for kind, v in data.items()}
    return plain, dict(metadata)
