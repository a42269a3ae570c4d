"""What tells who a person is, masked; and a keyed hash by which masked values can still be joined."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

PLATE: Final = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领])[·.\s]?([A-Z])[·.\s]?"
    r"([A-Z0-9]{4,5}[A-Z0-9挂学警港澳])(?![A-Z0-9])"
)
ID: Final = re.compile(
    r"(?<![0-9A-Za-z])(\d{6})(?:18|19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
PHONE: Final = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
NUMBER: Final = re.compile(r"(?<![0-9A-Za-z-])\d{5,}(\d{4})(?![0-9A-Za-z])")
"""Any run of at least nine digits: in what is published an account cannot be told from another long number."""
_KEPT: Final = frozenset({"sha256", "id", "findings", "rule", "auditkit", "compound_id", "pack", "code"})


def mask(text: str) -> str:
    """A text with plates, identity numbers, telephones and accounts masked; what is left tells two apart on paper."""
    text = PLATE.sub(lambda m: f"{m[1]}{m[2]}·***{m[3][-2:]}", text)
    text = ID.sub(lambda m: f"{m[1]}************", text)
    text = PHONE.sub(r"\1****\2", text)
    return NUMBER.sub(r"****\1", text)


def token(value: str, key: bytes) -> str:
    """The keyed hash of a value: equal values have equal tokens, and nobody without the key can try values out."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:16]


def masked_record(record: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """findings.json as it may be published: texts masked, subjects with a token, finding ids made with the key.

    A finding's own id is a hash of its subject without a key: who tries all plates finds the one.
    """
    ids = {f["id"]: f"{f['rule']}-{token(f['id'], key)[:10]}" for f in record["findings"]}

    def walk(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            made = {k: walk(v, k) for k, v in value.items()}
            if set(value) == {"type", "id"}:
                made |= {"id": mask(str(value["id"])), "token": token(f"{value['type']}={value['id']}", key)}
            return made
        if isinstance(value, list):
            return [walk(v, name) for v in value]
        if isinstance(value, str):
            return ids.get(value, value) if name in _KEPT else mask(value)
        return value

    return walk(dict(record))
