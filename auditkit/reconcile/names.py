"""Names as they are compared: spelling differences that do not make another party."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "(", "】": ")", "[": "(", "]": ")"})

CHANNELS = {
    "微信": ("财付通", "微信", "TENPAY", "WECHAT"),
    "支付宝": ("支付宝", "ALIPAY", "蚂蚁"),
    "刷卡": ("银联", "UNIONPAY"),
    "": ("网联", "待清算", "NETSUNION"),
}
"""Words by which a statement names a payment channel instead of the payer; "" may stand for any channel."""

_FORMS = (
    "股份有限公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "分公司", "分店", "分行", "支行", "公司",
    "个体工商户", "经营部", "工作室",
)  # fmt: skip
_ENGLISH_FORMS = re.compile(r"(?:CO\.?,?LTD|LIMITED|LTD|LLC|LLP|LP|INC|CORP|CO)\.?$")
_REGION = re.compile(r"^(?:中国)?[\u4e00-\u9fff]{2,3}(?:省|市|区|县|自治区|自治州)")
_BRACKETED = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=200_000)
def normal_name(name: str) -> str:
    """NFKC, no spaces, brackets alike, 有限责任公司 = 有限公司.

    Source: the head of the catalogue of audit tests.
    """
    folded = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return re.sub(r"\s+", "", folded).replace("有限责任公司", "有限公司").upper()


CHANNEL_WORDS = "|".join(word for words in CHANNELS.values() for word in words)
_ANY_CHANNEL = re.compile(CHANNEL_WORDS, re.IGNORECASE)


def channel_of(name: str) -> str | None:
    """The channel that a name stands for (微信, 支付宝, 刷卡, "" = some channel), None where it is no channel's."""
    if not _ANY_CHANNEL.search(name):
        return None
    normal = normal_name(name)
    for channel, words in CHANNELS.items():
        if any(word in normal for word in words):
            return channel
    return None


@lru_cache(maxsize=200_000)
def name_core(name: str) -> str:
    """A company's name without region, brackets and legal form: 深圳市甲乙(重庆)传媒有限公司 -> 甲乙传媒."""
    core = _BRACKETED.sub("", normal_name(name))
    without_region = _REGION.sub("", core)
    core = without_region if len(without_region) >= 2 else core
    for form in _FORMS:
        if core.endswith(form) and len(core) - len(form) >= 2:
            core = core.removesuffix(form)
            break
    shorter = _ENGLISH_FORMS.sub("", core)
    return shorter if len(shorter) >= 2 else core


@lru_cache(maxsize=500_000)
def one_contains_other(one: str, other: str) -> bool:
    """Whether one name contains the other, as written or without region, brackets and legal form."""
    a, b = normal_name(one), normal_name(other)
    if not a or not b:
        return False
    if a in b or b in a:
        return True
    a, b = name_core(one), name_core(other)
    return len(a) >= 2 and len(b) >= 2 and (a in b or b in a)
