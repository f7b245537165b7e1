"""Figures for Prometheus: requests by route, documents by state, invoices by match status."""

from __future__ import annotations

import time
from collections.abc import Iterator

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gate.database import Database
from api.gate.visitor import RestAccountant
from api.queries.documents import count_by_match, count_by_state

router = APIRouter()
_registry = CollectorRegistry()
_requests = Counter(
    "chapiao_http_requests_total", "Requests answered", ["method", "route", "status"], registry=_registry
)
_seconds = Histogram("chapiao_http_request_seconds", "Time to the end of the answer", ["route"], registry=_registry)


class Measured:
    """ASGI middleware. Counts by route template, never by path: an id must not become a label."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            route = _template(scope)
            _requests.labels(scope["method"], route, str(status)).inc()
            if route != "/documents/events":  # a stream, not an answer
                _seconds.labels(route).observe(time.perf_counter() - started)


def _template(scope: Scope) -> str:
    """`/api/v1/documents/{document_id}`; routes of an included router know their path without its prefix."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is None:
        return "other"
    prefix = "/api/v1" if scope["path"].startswith("/api/v1/") else ""
    return path if path.startswith(prefix) else prefix + path


class _Stock(Collector):
    """What the database holds at the moment of asking."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterator[Metric]:
        documents = GaugeMetricFamily("chapiao_documents", "Documents by state", labels=["state"])
        for state, count in count_by_state(self._session).items():
            documents.add_metric([state], count)
        yield documents
        invoices = GaugeMetricFamily("chapiao_invoices", "Invoices by match status", labels=["status"])
        for status, count in count_by_match(self._session).items():
            invoices.add_metric([status], count)
        yield invoices


@router.get("/metrics", tags=["service"], summary="Figures for Prometheus", response_class=Response)
def metrics(session: Database, user: RestAccountant) -> Response:
    """Needs a token of an accountant or administrator (`authorization` in the scrape configuration)."""
    stock = CollectorRegistry()
    stock.register(_Stock(session))
    return Response(generate_latest(_registry) + generate_latest(stock), media_type=CONTENT_TYPE_LATEST)
