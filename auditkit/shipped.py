"""Where the documents that travel with the package stand: beside it in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_IN_WHEEL: Final = {"notebooks": "_notebooks", "docs/rules": "_pages"}


def shipped(folder: str) -> Path:
    """The folder of notebooks, or of the rules' pages.

    Raises: FileNotFoundError where the installation lacks it.
    """
    for place in (_HERE / _IN_WHEEL[folder], _HERE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{folder} is not part of this installation; install auditkit again")
