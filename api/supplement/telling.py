"""Events, support and endings of a draft in words, for the page, the form and the packet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from api.web.sayings import in_english
from api.web.texts import TEXTS, text
from matching.supplement.hold import HELD, RELEASED, TAKEN_UP
from models.tables import DraftEventRow

Named = Callable[[str, str | None], str]


class Words:
    """Texts of one language, by key and by group and name."""

    def __init__(self, language: str) -> None:
        self.language = language

    def t(self, key: str, **values: Any) -> str:
        found = text(key, self.language)
        return found.format(**values) if values else found

    def named(self, group: str, name: str | None) -> str:
        key = f"{group}.{name}"
        return text(key, self.language) if key in TEXTS else (name or "")

    def place(self, name: str) -> str:
        """A field, or a cell of an item row: `line.0.unit`."""
        if not name.startswith("line."):
            return self.named("field", name)
        _, row, cell = name.split(".")
        return self.t("draft.row_cell", row=int(row) + 1, cell=self.named("line", cell))

    def pair(self, label: str, value: str) -> str:
        """`Label: value`."""
        return f"{label}{self.t('list.colon')}{value}"

    def list(self, parts: Iterable[str]) -> str:
        return self.t("list.comma").join(parts)

    def said(self, sentence: str) -> str:
        """What readers and checks say in Chinese."""
        return in_english(sentence) if self.language == "en" else sentence

    def value(self, name: str, value: str | None) -> str:
        return self.named("kind", value) if name == "kind" else value or self.t("draft.blank")


def told_support(support: Mapping[str, Any], words: Words) -> str:
    """`12 of 12 earlier invoices (Seller …)`."""
    by = words.list(f"{words.named('field', name)} {value}" for name, value in support.get("by", {}).items())
    if support.get("registered"):
        return words.t("draft.support_register", by=by)
    return words.t("draft.support", agreeing=support["agreeing"], total=support["total"], by=by)


def told(event: DraftEventRow, words: Words, people: Mapping[int, str]) -> list[str]:
    """What an event says beyond its name, a line each."""
    detail = event.detail
    if event.action == "edited":
        return [
            words.pair(
                words.place(name), f"{words.value(name, detail['before'].get(name))} → {words.value(name, after)}"
            )
            for name, after in detail.get("after", {}).items()
        ]
    if event.action == "adopted":
        return [words.pair(words.place(detail["name"]), f"{detail['value']} ({told_support(detail, words)})")]
    if event.action == "dropped":
        return [words.place(detail["name"])]
    if event.action in (HELD, RELEASED, TAKEN_UP) or (event.action in ("created", "submitted") and detail.get("held")):
        return [words.t("draft.held_why", why=words.named("cause", detail.get("because") or detail["held"]))]
    if event.action in ("closed", "ended"):
        because = detail.get("because", "recorded")
        return [words.named("draft", f"ended_{because}"), *_differences(detail.get("differences", ()), words)]
    if event.action == "assigned":
        return [people.get(detail["to"], "—") if detail["to"] is not None else words.t("draft.anyone")]
    if event.action == "due_changed":
        return [f"{detail['before'] or '—'} → {detail['after']}"]
    if event.action == "released":
        return [people.get(detail["reviewer"], "—")]
    plain = detail.get("reason") or detail.get("text") or detail.get("name")
    return [plain] if plain else []


def _differences(found: Any, words: Words) -> list[str]:
    if not found:
        return [words.t("draft.no_differences")]
    return [
        words.t("draft.difference", field=words.named("field", d["field"]), draft=d["document"], record=d["record"])
        for d in found
    ]
