"""Every text of the pages, Chinese and English side by side; a test checks both. A key is `group.name`.

A new page is one file of texts here and its name in the list below.
"""

from __future__ import annotations

from api.web.texts import (
    companies,
    differences,
    document,
    imports,
    intake,
    notices,
    people,
    reconciliation,
    records,
    search,
    shell,
    supplements,
    terms,
)
from api.web.texts.both import Both

TEXTS: dict[str, Both] = {
    **companies.TEXTS,
    **differences.TEXTS,
    **document.TEXTS,
    **imports.TEXTS,
    **intake.TEXTS,
    **notices.TEXTS,
    **people.TEXTS,
    **records.TEXTS,
    **reconciliation.TEXTS,
    **search.TEXTS,
    **shell.TEXTS,
    **supplements.TEXTS,
    **terms.TEXTS,
}


def text(key: str, language: str) -> str:
    """The text of `key`; a key without a text is a fault of the page and fails loudly."""
    both = TEXTS[key]
    return both.en if language == "en" else both.zh
