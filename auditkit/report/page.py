"""The page of a notebook: no code, no script, nothing from outside; readable on a phone and on paper."""

from __future__ import annotations

import logging
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from auditkit.report.words import say


def write_page(notebook: NotebookNode, path: Path, title: str) -> None:
    """Writes the executed notebook as one HTML file."""
    body, _ = _exporter().from_notebook_node(notebook)
    css = resources.files("auditkit").joinpath("data", "page.css").read_text(encoding="utf-8")
    page = (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title>\n<style>\n{css}</style></head>\n<body><main>\n{body}\n</main>"
        f"<footer>{escape(say('page.footer'))}</footer></body></html>\n"
    )
    path.write_text(page, encoding="utf-8", newline="\n")


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter, TemplateExporter

    class Plain(HTMLExporter):
        """Without the last step, which parses the whole page again to add what our outputs have: alternative texts."""

        def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, dict[str, Any]]:
            self.register_filter("highlight_code", lambda source, **_: source)
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    return Plain(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True,
        exclude_anchor_links=True, mathjax_url="", require_js_url="", jquery_url="", mermaid_js_url="",
    )  # fmt: skip
