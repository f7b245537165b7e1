"""The words of reports in the language of a visitor: names of fields and kinds are those of the pages."""

from __future__ import annotations

from api.web.texts import TEXTS, text
from matching.report_words import Words


def words_in(language: str) -> Words:
    def named(group: str, name: str) -> str:
        key = f"{group}.{name}"
        return text(key, language) if key in TEXTS else name

    return Words(language, named)
