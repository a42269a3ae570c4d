"""A folder for JupyterLab: copies of the notebooks, with the case as their parameter."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import nbformat

from auditkit.report.notebook import inject
from auditkit.shipped import shipped


def prepare_lab(case: Path | None, folder: Path, lang: str) -> tuple[Path, Mapping[str, str]]:
    """Writes the notebooks into a folder, a new name for each that a person may have worked in; and what Lab is told.

    A notebook that stands there is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(shipped("notebooks").glob("*.ipynb")):
        notebook = nbformat.read(source, as_version=4)
        if case is not None:
            inject(notebook, {"case": Path(os.path.relpath(case.resolve(), folder.resolve())).as_posix()})
        nbformat.write(notebook, _free(folder, source))
    settings = folder / ".jupyter-settings"
    place = settings / "@jupyterlab" / "translation-extension"
    place.mkdir(parents=True, exist_ok=True)
    locale = {"locale": "zh_CN" if lang == "zh" else "default"}
    (place / "plugin.jupyterlab-settings").write_text(json.dumps(locale), encoding="utf-8")
    return folder, {"JUPYTERLAB_SETTINGS_DIR": str(settings.resolve())}


def _free(folder: Path, source: Path) -> Path:
    path, n = folder / source.name, 1
    while path.exists():
        n += 1
        path = folder / f"{source.stem}-{n}{source.suffix}"
    return path
