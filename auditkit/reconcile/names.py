"""Names as they are compared: spelling differences that do not make another party."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")"})


@lru_cache(maxsize=200_000)
def normal_name(name: str) -> str:
    """NFKC, no spaces, brackets alike, 有限责任公司 = 有限公司.

    Source: the head of the catalogue of audit tests.
    """
    folded = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return re.sub(r"\s+", "", folded).replace("有限责任公司", "有限公司").upper()
