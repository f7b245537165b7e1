"""What OpenAPI says about the service as a whole."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, Field


class ErrorBody(BaseModel):
    code: str = Field(description="Stable; the catalogue is models/errors.py.", examples=["pdf_encrypted"])
    message: str = Field(description="What is wrong and what to do; Chinese, or English with `Accept-Language: en`.")


class ErrorAnswer(BaseModel):
    error: ErrorBody


#: answers that any route may give
ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorAnswer, "description": "No valid token or session."},
    403: {"model": ErrorAnswer, "description": "The role does not allow this, or the request came from another site."},
    404: {"model": ErrorAnswer, "description": "No such item, or not visible to this user."},
    409: {"model": ErrorAnswer, "description": "Not possible in the present state."},
    413: {"model": ErrorAnswer, "description": "Over a size limit."},
    422: {"model": ErrorAnswer, "description": "The request is not valid."},
}

_DESCRIPTION = """
Takes in Chinese VAT invoices, reads them, matches them with stored records, says which are absent and why, and drafts
the supplement (补录).

**Authentication.** `Authorization: Bearer chapiao_…`; make a token on the page 我的 (My account). A token acts as its
owner: staff see only the documents they brought in. A browser's session works as well.

**Values** are strings as printed: dates ISO, money without separators and with two decimals, numbers and codes never as
JSON numbers. A blank on the document is `null`.

**Lists** are paged by cursor: pass `next_cursor` of one answer as `cursor` of the next; `null` means the end.

**Errors** are `{"error": {"code", "message"}}`. Codes are stable, messages may be reworded.
"""

APPLICATION: dict[str, Any] = {
    "title": "查票 Chapiao",
    "version": version("chapiao"),
    "description": _DESCRIPTION,
    "docs_url": None,  # its page loads scripts from another host; /api/v1/openapi.json feeds any viewer
    "redoc_url": None,
    "openapi_url": "/api/v1/openapi.json",
    "openapi_tags": [
        {"name": "documents", "description": "Files taken in and the invoices read from them."},
        {"name": "records", "description": "The ledger: imported records and the reconciliation with documents."},
        {"name": "drafts", "description": "Supplement drafts (补录) and their way to approval."},
        {"name": "companies", "description": "Our own legal entities."},
        {"name": "service", "description": "Health and figures."},
    ],
}
