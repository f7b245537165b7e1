"""Forms and JSON are small. Only the upload routes, which stream and count for themselves, may take more."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gate.receiving import readable_size
from api.gate.refusal import refusal
from models.errors import RequestError
from models.settings import MIB

LIMIT = 2 * MIB
STREAMED = frozenset(
    {
        "/upload", "/records/imports", "/api/v1/documents", "/api/v1/records/imports", "/api/v1/records/previews",
    }
)  # fmt: skip
_ATTACHING = re.compile(r"(?:/api/v1)?/drafts/[^/]+/attachments")


class BodyLimit:
    """ASGI middleware: refuses by the declared length, and cuts off a body that is longer than it said."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _streamed(scope["path"]):
            await self.app(scope, receive, send)
            return
        too_large = RequestError("too_large", size=f"> {readable_size(LIMIT)}", limit=readable_size(LIMIT))
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > LIMIT:
            await refusal(scope, too_large, 413)(scope, receive, send)
            return
        seen = 0
        cut = False

        async def counted() -> Message:
            nonlocal seen, cut
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LIMIT:
                cut = True
                return {"type": "http.disconnect"}
            return message

        async def answer(message: Message) -> None:
            if not cut:
                await send(message)

        await self.app(scope, counted, answer)
        if cut:
            await refusal(scope, too_large, 413)(scope, receive, send)


def _streamed(path: str) -> bool:
    return path in STREAMED or _ATTACHING.fullmatch(path) is not None
