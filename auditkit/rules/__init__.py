"""The registry of audit tests: every module in this folder named like «inc02_…» is one."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from auditkit.model import Books, Case, Rule, Verdict

Examine = Callable[[Books, Case], Verdict]


@cache
def catalogue() -> Mapping[str, tuple[Rule, Examine]]:
    """Code -> (rule, its function), in the order of the codes."""
    found: dict[str, tuple[Rule, Examine]] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        if re.fullmatch(r"[a-z]{3}\d\d_\w+", info.name):
            module = import_module(f"{__name__}.{info.name}")
            rule: Rule = module.RULE
            found[rule.code] = (rule, module.examine)
    return found
