"""Proposed matches over REST: which records may be an invoice's and on what grounds; a person's word on each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.audit import Action
from api.gate.database import Database
from api.gate.refusal import language_of
from api.gate.visitor import RestAccountant
from api.queries.documents import find_invoice, hold_invoice
from api.rest.shapes import InvoiceShape, RecordShape
from api.settling import Decision, proposed, settle_record
from api.supplement.telling import Words
from matching.wording import in_language

router = APIRouter(tags=["invoices"])
_ACTIONS = {
    "confirm": Action.REST_MATCH_CONFIRM, "reject": Action.REST_MATCH_REJECT, "unsay": Action.REST_MATCH_UNSAY,
}  # fmt: skip


class CandidateShape(BaseModel):
    """A record that may be the invoice's. Weights are log₂ of odds: positive ones speak for it."""

    record: RecordShape
    probability: float
    relation: str = Field(description="How the numbers hang together, in words; blank: they do not.")
    relations: dict[str, str] = Field(description="Field → equal, slip, different, unknown, …")
    weights: dict[str, float] = Field(description="Field → weight of that relation.")
    learned: dict[str, float] = Field(description="Of these weights, what was learned from earlier decisions.")
    prior: float = Field(description="Weight before any field was compared.")


class CandidateList(BaseModel):
    status: str | None = Field(description="Of the invoice; `probable` while a person must decide.")
    record_id: int | None = Field(description="The record that is proposed, or that it is matched with.")
    items: list[CandidateShape] = Field(description="Best first.")


@router.get("/invoices/{invoice_id}/candidates", summary="Records that may be the invoice's, with the grounds")
def candidates(request: Request, session: Database, user: RestAccountant, invoice_id: int) -> CandidateList:
    invoice = find_invoice(session, user, invoice_id)
    language = language_of(request)
    told = in_language(invoice.match or {}, language, Words(language).named).get("candidates", [])
    relations = {each["record_id"]: each.get("relation", "") for each in told}
    items = [
        CandidateShape(record=RecordShape.of(record), relation=relations.get(record.id, ""), **_grounds(each))
        for record, each in proposed(session, user, invoice)
    ]
    return CandidateList(status=invoice.match_status, record_id=invoice.record_id, items=items)


def _grounds(candidate: dict[str, Any]) -> dict[str, Any]:
    return {
        "probability": candidate["probability"], "prior": candidate.get("prior", 0.0),
        **{name: candidate.get(name, {}) for name in ("relations", "weights", "learned")},
    }  # fmt: skip


@router.post(
    "/invoices/{invoice_id}/candidates/{record_id}/{decision}", summary="Say whether a record is the invoice's"
)
def settle(
    *, request: Request, session: Database, user: RestAccountant, invoice_id: int, record_id: int,
    decision: Decision,
) -> InvoiceShape:  # fmt: skip
    """Remembered over every later match, until somebody takes it back (`unsay`). Refused (409 `not_proposed`) for a
    record that was not proposed, or that nobody decided on."""
    invoice = hold_invoice(session, user, invoice_id)
    settings = request.app.state.settings
    settle_record(session, invoice, record_id, decision, user=user, settings=settings, action=_ACTIONS[decision])
    return InvoiceShape.of(invoice, whole=True)
