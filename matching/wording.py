"""What matching says, in Chinese and in English: one row a sentence, found by a code, filled with parameters.

A sentence is a `Said`: a string in Chinese, as the JSON contract has it, that remembers its code and parameters, so
that a page can say it in another language. Stored findings keep both. Names of fields, kinds, directions and checks
are the page's own: it hands in a function that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from matching.comparing import LABELS, UNCERTAIN
from matching.sentences import SENTENCES
from models.kinds import KINDS, InvoiceKind

Named = Callable[[str, str], str]  #: group and name → text, e.g. field, seller_name
_DIRECTIONS = {"input": "进项", "output": "销项", "unknown": ""}
_JOINED = "joined"
#: parameters that are names of something, and whose names they are
_GROUPS = {"kind": "kind", "fields": "field", "direction": "direction", "rule": "check"}


class Said(str):
    """A sentence in Chinese that knows what it was made of."""

    __slots__ = ("code", "params")
    code: str
    params: Mapping[str, Any]

    def export(self) -> list[Any]:
        return [self.code, dict(self.params)]


def say(code: str, /, **params: Any) -> Said:
    said = Said(render(code, params, "zh"))
    said.code, said.params = code, params
    return said


def join(parts: Iterable[Said]) -> Said:
    """Several sentences as one."""
    return say(_JOINED, parts=[part.export() for part in parts])


def render(code: str, params: Mapping[str, Any], language: str, named: Named | None = None) -> str:
    """The sentence in a language. Without `named`, terms are called by their Chinese names."""
    if code == _JOINED:
        return ("；" if language == "zh" else "; ").join(render(c, p, language, named) for c, p in params["parts"])
    chinese = language == "zh" or named is None
    filled = {name: _value(name, value, None if chinese else named, language) for name, value in params.items()}
    return SENTENCES[code][language == "en"].format(**filled)


def _value(name: str, value: Any, named: Named | None, language: str) -> Any:
    group = _GROUPS.get(name)
    if group and value:
        values = value if isinstance(value, (list, tuple)) else [value]
        texts = [named(group, v) if named else _chinese(group, v) for v in values]
        return ("、" if language == "zh" else ", ").join(texts)
    if isinstance(value, list) and len(value) == 2 and value[0] in SENTENCES and isinstance(value[1], dict):
        return render(value[0], value[1], language, named)
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(str(v) for v in value)
    return value


def _chinese(group: str, value: str) -> str:
    if group == "kind":
        return KINDS[InvoiceKind(value)].title
    if group == "direction":
        return _DIRECTIONS.get(value, "")
    return LABELS.get(value, value) if group == "field" else value


def in_language(match: Mapping[str, Any], language: str, named: Named) -> dict[str, Any]:
    """A stored finding with its sentences in a language. What has no codes, or was written over since, stays."""
    said = match.get("said")
    if language == "zh" or not said:
        return dict(match)

    def words(told: Any, before: str) -> str:
        if not told or render(told[0], told[1], "zh") != before:
            return before
        return render(told[0], told[1], language, named)

    causes = [dict(cause) for cause in match["causes"]]
    for cause, told in zip(causes, said["causes"], strict=False):
        cause["evidence"] = [words(*pair) for pair in zip(told["evidence"], cause["evidence"], strict=False)]
        cause["action"] = words(told["action"], cause["action"])
    candidates = [dict(candidate) for candidate in match.get("candidates", ())]
    for candidate, told in zip(candidates, said["candidates"], strict=False):
        candidate["relation"] = words(told, candidate["relation"])
    differences = [_doubted(each) for each in match.get("differences", ())]
    why = words(said["why"], match["why"])
    return dict(match) | {"causes": causes, "candidates": candidates, "differences": differences, "why": why}


def _doubted(difference: Mapping[str, Any]) -> dict[str, Any]:
    """What extraction itself doubts is marked behind the value of the document."""
    shown = difference["document"]
    doubted = isinstance(shown, str) and shown.endswith(UNCERTAIN)
    return dict(difference) | {"document": shown.removesuffix(UNCERTAIN) + " (in doubt)" if doubted else shown}
