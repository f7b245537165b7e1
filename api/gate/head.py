"""HEAD is GET without a body: for uptime checks, and for whoever asks a file's size first.

The page is made as for GET, so that status and headers are the same, and its body is not sent. A stream of events would
never end by itself: it is told at once that nobody listens.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """ASGI middleware; the server below knows that a HEAD carries no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def nobody_listens() -> Message:
            return {"type": "http.disconnect"}

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked = {**scope, "method": "GET"}  # the server's own scope still says HEAD
        await self.app(asked, nobody_listens, without_body)
        scope["route"] = asked.get("route")  # for the figures
