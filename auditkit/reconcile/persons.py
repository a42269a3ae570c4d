"""Whether a name is a natural person's, by what names look like: a heuristic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from auditkit.reconcile.names import normal_name

_SURNAMES: Final = Path(__file__).parents[1] / "data" / "surnames.txt"
_HAN: Final = re.compile(r"[\u3400-\u9fff]{2,4}")
_FORMS: Final = re.compile(
    r"(?:公司|集团|企业|厂|场|店|铺|部|行|社|馆|屋|坊|阁|轩|斋|庄|院|所|站|室|处|局|厅|办|会|组|队|校|园|城|楼|吧|摊|档|"
    r"中心|超市|市场|酒家|饭馆|面馆|餐厅|餐饮|小吃|早点|烧烤|火锅|食品|粮油|百货|五金|建材|家电|电器|服饰|花艺|烟酒|副食|水果|"
    r"蔬菜|生鲜|维修|家政|保洁|汽修|洗车|驿站|快递|物流|广告|传媒|科技|物业|药房|大药房|诊所|影楼|美容|美发|理发|造型|健身|培训|"
    r"幼儿园|网吧|茶楼|棋牌|干洗|裁缝|回收|废品|零售|便利|小卖|奶茶|烘焙|蛋糕|鲜花|宠物|母婴|眼镜|通讯|手机|数码|文具|图文|打印)$"
)
"""Ends of names that are a shop's, a firm's or a body's."""
_ASSEMBLY: Final = re.compile("业主大会|业主委员会|业委会|物业管理委员会|物管会")
_REMARK: Final = re.compile(r"\((?:个人|个体|本人|代收|收款人)\)$")


def is_person(name: str) -> bool:
    """Two to four Han characters, a known surname, no organisation's suffix.

    Four characters need a compound surname, as 欧阳, or two frequent ones, a father's and a mother's: four others are
    a shop's name far more often than a person's.
    """
    return _is_person(_REMARK.sub("", normal_name(name)))


def is_assembly(name: str) -> bool:
    """Whether a name is the owners' assembly's, their committee's, or a management council's."""
    return bool(_ASSEMBLY.search(normal_name(name)))


@lru_cache(maxsize=100_000)
def _is_person(name: str) -> bool:
    if not _HAN.fullmatch(name) or _FORMS.search(name):
        return False
    known = surnames()
    if name[:2] in known.compound and len(name) > 2:
        return True
    if len(name) == 4:
        return name[0] in known.frequent and name[1] in known.frequent
    return name[0] in known.single


@dataclass(frozen=True, slots=True)
class Surnames:
    """The known surnames: all of one character, the most frequent of them, and the compound ones."""

    single: frozenset[str]
    frequent: frozenset[str]
    compound: frozenset[str]


@cache
def surnames() -> Surnames:
    """The surnames of the list that travels with the package."""
    parts = re.split(r"^#.*$", _SURNAMES.read_text(encoding="utf-8"), flags=re.M)
    frequent, others, compound = (part.split() for part in parts[-3:])
    return Surnames(frozenset("".join(frequent + others)), frozenset("".join(frequent)), frozenset(compound))
