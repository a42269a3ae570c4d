"""case.toml written by the wizard: one [map] is added or replaced, everything else stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from auditkit.model import InputError, Issue
from auditkit.read.settings import NAME, read_settings


def write_map(case: Path, key: str, spec: Mapping[str, Any]) -> Path:
    """Writes one entry of [map] into the case.toml of a folder; what was there under the same name is completed.

    Raises: InputError where the case.toml that stands there cannot be read; it is then left as it is.
    """
    path = case / NAME
    text = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
    read_settings(path)
    document = tomlkit.parse(text)
    maps = document.setdefault("map", tomlkit.table(is_super_table=True))
    own = maps.get(key)
    if own is None:
        own = tomlkit.table()
        maps[key] = own
    for name, value in spec.items():
        own[name] = _item(value)
    made = tomlkit.dumps(document)
    spare = path.with_suffix(".toml.new")
    spare.write_text(made, encoding="utf-8")
    try:
        read_settings(spare)
    except InputError as error:
        spare.unlink()
        raise InputError(
            [Issue("C05", "写出的 case.toml 不能再读，没有改动原文件", "case.toml not written", file=NAME)]
        ) from error
    spare.replace(path)
    return path


def _item(value: Any) -> Any:
    """A value as TOML writes it: tables on one line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({str(k): _item(v) for k, v in value.items()})
        return table
    return value
