"""Templates: one environment with the texts of the visitor's language and a few ways to print values."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from api.gate.receiving import readable_size
from api.gate.refusal import language_of
from api.gate.visitor import Person, has_role
from api.web.sayings import in_english
from api.web.texts import TEXTS, text
from matching.wording import in_language
from models.errors import MESSAGES, ChapiaoError
from models.money import from_fen, parse_money
from models.tables import DocumentRow, RecordRow
from models.tables.accounts import Role

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def static_url(name: str) -> str:
    """Address of a static file that changes when the file does, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def _money(fen: int | None) -> str:
    return "" if fen is None else f"{from_fen(fen):,}"


def _yuan(fen: int | None) -> str:
    """The sign stands before the currency."""
    return "" if fen is None else f"{'-' if fen < 0 else ''}¥{_money(abs(fen))}"


def _grouped(amount: str | None) -> str:
    """A plain amount with its thousands apart; `***` and the like as they are."""
    value = parse_money(amount)
    return amount or "" if value is None else f"{value:,}"


def _moment(value: datetime | None) -> str:
    return value.astimezone().strftime("%Y-%m-%d %H:%M") if value else ""


def _stamp(exported: str) -> str:
    """A moment of an export (ISO 8601), as people read it."""
    return _moment(datetime.fromisoformat(exported))


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _confidence(value: float) -> str:
    """Neither a reader nor a diagnosis is ever certain, whatever its rounded figure says."""
    return ">99.9%" if value > 0.999 else f"{value * 100:.1f}%" if value > 0.99 else f"{value * 100:.0f}%"


def _icon(name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        static_url("icons.svg"), name
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        money=_money,
        yuan=_yuan,
        grouped=_grouped,
        moment=_moment,
        stamp=_stamp,
        day=_day,
        confidence=_confidence,
        size=readable_size,
    )
    environment.globals.update(static_url=static_url, icon=_icon)
    return environment


_templates = Jinja2Templates(env=_environment())


def render(request: Request, template: str, status: int = 200, /, **context: Any) -> Response:
    """A page in the visitor's language."""
    language = language_of(request)
    user: Person | None = getattr(request.state, "person", None)

    def t(key: str, **values: Any) -> str:
        return text(key, language).format(**values) if values else text(key, language)

    def named(group: str, name: str | None) -> str:
        """The text of `group.name`; special columns of item rows are named as fields; else the name itself."""
        found = (key for key in (f"{group}.{name}", f"field.{name}" if group == "line" else "") if key in TEXTS)
        key = next(found, None)
        return text(key, language) if key else (name or "")

    def explained(error: ChapiaoError) -> str:
        return error.message(language)

    def state_of(record: RecordRow) -> str:
        """As the file prints it, which is Chinese; else the name of what it was understood as."""
        return (record.state_label if language == "zh" else None) or named("record", record.state)

    shared = {
        "t": t, "named": named, "explained": explained, "state_of": state_of,
        "failure_of": lambda row: failure_of(row, language),
        "language": language, "user": user, "path": request.url.path,
        "said": lambda sentence: in_english(sentence or "") if language == "en" else sentence or "",
        "in_words": lambda match: in_language(match or {}, language, named),
        "is_accountant": user is not None and has_role(user, Role.ACCOUNTANT),
        "is_administrator": user is not None and has_role(user, Role.ADMINISTRATOR),
        "other_language": _with_language(request, "zh" if language == "en" else "en"),
    }  # fmt: skip
    return _templates.TemplateResponse(request, template, {**shared, **context}, status_code=status)


def failure_of(row: DocumentRow, language: str) -> str:
    """Why a document could not be read, in the visitor's words."""
    if not row.error_code or row.error_code not in MESSAGES:
        return row.error_code or ""
    return ChapiaoError(row.error_code, **(row.error_details or {})).message(language)


def _with_language(request: Request, language: str) -> str:
    return str(request.url.include_query_params(lang=language).replace(scheme="", netloc=""))
