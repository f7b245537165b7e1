"""Against cross-site requests: an unsafe method must come from this site's own pages.

Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin. A program with a bearer token has no
ambient authority to abuse and is let through, as is a request without any cookie.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.gate.refusal import refusal
from models.errors import RequestError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def from_own_pages(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}  # none: the user's own doing, such as the address bar
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return not request.cookies or request.headers.get("authorization", "").lower().startswith("bearer ")


class OriginCheck:
    """ASGI middleware refusing unsafe requests of other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not from_own_pages(Request(scope)):
            await refusal(scope, RequestError("cross_site"), 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)
