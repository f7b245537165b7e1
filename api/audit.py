"""The audit trail: who did what to which thing. Written in the request's own transaction, never changed later."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from models.tables import AuditEvent


class Action(StrEnum):
    """`source:subject:action`. `web` is a person in a browser, `rest` a program, `cli` the machine's administrator,
    `system` the service itself."""

    SYSTEM_USER_CREATE = "system:user:create"  #: the first administrator
    WEB_SESSION_OPEN = "web:session:open"
    WEB_SESSION_REFUSE = "web:session:refuse"  #: failed login
    WEB_SESSION_CLOSE = "web:session:close"
    WEB_PASSWORD_CHANGE = "web:password:change"  # noqa: S105
    WEB_TOKEN_CREATE = "web:token:create"  # noqa: S105
    WEB_TOKEN_REVOKE = "web:token:revoke"  # noqa: S105
    WEB_USER_CREATE = "web:user:create"
    WEB_USER_CHANGE = "web:user:change"
    WEB_USER_RESET = "web:user:reset"  #: new one-time password
    WEB_DOCUMENT_UPLOAD = "web:document:upload"
    WEB_DOCUMENT_DOWNLOAD = "web:document:download"
    WEB_DOCUMENT_RETRY = "web:document:retry"  #: read again after a failure
    WEB_INVOICE_CORRECT = "web:invoice:correct"
    WEB_INVOICE_CONFIRM = "web:invoice:confirm"
    WEB_MATCH_CONFIRM = "web:match:confirm"  #: invoice and proposed record are one
    WEB_MATCH_REJECT = "web:match:reject"
    WEB_MATCH_UNSAY = "web:match:unsay"  #: a confirmation or rejection taken back
    WEB_RECORDS_IMPORT = "web:records:import"
    WEB_IMPORT_STAGE = "web:import:stage"  #: uploaded to be looked at before anything is stored
    WEB_IMPORT_CANCEL = "web:import:cancel"
    WEB_IMPORT_UNDO = "web:import:undo"
    WEB_MAPPING_SAVE = "web:mapping:save"
    WEB_MAPPING_DELETE = "web:mapping:delete"
    WEB_COMPANY_ADD = "web:company:add"
    WEB_COMPANY_EDIT = "web:company:edit"
    WEB_COMPANY_CLOSE = "web:company:close"
    WEB_COMPANY_REOPEN = "web:company:reopen"
    WEB_COMPANY_REMOVE = "web:company:remove"
    WEB_RECONCILIATION_EXPORT = "web:reconciliation:export"
    WEB_SELF_CHECK_TAKE = "web:self_check:take"
    WEB_VIEW_SAVE = "web:view:save"  #: a named search
    WEB_VIEW_DELETE = "web:view:delete"
    WEB_DRAFT_CREATE = "web:draft:create"
    WEB_DRAFT_EDIT = "web:draft:edit"
    WEB_DRAFT_SUBMIT = "web:draft:submit"
    WEB_DRAFT_APPROVE = "web:draft:approve"
    WEB_DRAFT_SEND_BACK = "web:draft:send_back"
    WEB_DRAFT_WITHDRAW = "web:draft:withdraw"
    WEB_DRAFT_TAKE_UP = "web:draft:take_up"  #: wanted although on hold
    WEB_DRAFT_TAKE = "web:draft:take"  #: for review
    WEB_DRAFT_RELEASE = "web:draft:release"
    WEB_DRAFT_COMMENT = "web:draft:comment"
    WEB_DRAFT_ASSIGN = "web:draft:assign"
    WEB_DRAFT_DUE = "web:draft:due"
    WEB_DRAFT_ADOPT = "web:draft:adopt"
    WEB_DRAFT_DROP = "web:draft:drop"  #: an adopted cell of an item row taken back
    WEB_DRAFT_ATTACH = "web:draft:attach"
    WEB_DRAFT_DETACH = "web:draft:detach"
    WEB_DRAFT_DOWNLOAD = "web:draft:download"  #: an attachment
    WEB_DRAFT_PACKET = "web:draft:packet"
    SYSTEM_DRAFT_REMIND = "system:draft:remind"  #: the daily one
    SYSTEM_SELF_CHECK_TAKE = "system:self_check:take"  #: the weekly one
    CLI_SELF_CHECK_TAKE = "cli:self_check:take"
    CLI_USER_CREATE = "cli:user:create"
    CLI_USER_RESET = "cli:user:reset"
    CLI_RECORDS_IMPORT = "cli:records:import"
    CLI_COMPANY_ADD = "cli:company:add"
    CLI_COMPANY_EDIT = "cli:company:edit"
    CLI_COMPANY_CLOSE = "cli:company:close"
    CLI_COMPANY_REOPEN = "cli:company:reopen"
    CLI_WEIGHTS_FORGET = "cli:weights:forget"  #: what matching learned; the event keeps it
    CLI_DRAFT_SUBMIT = "cli:draft:submit"
    CLI_DRAFT_APPROVE = "cli:draft:approve"
    CLI_DRAFT_RETURN = "cli:draft:return"
    CLI_DRAFT_WITHDRAW = "cli:draft:withdraw"
    CLI_DRAFT_TAKE_UP = "cli:draft:take_up"
    CLI_DRAFT_TAKE = "cli:draft:take"
    CLI_DRAFT_RELEASE = "cli:draft:release"
    CLI_DRAFT_PACKET = "cli:draft:packet"
    CLI_DRAFT_REMIND = "cli:draft:remind"
    REST_DOCUMENT_UPLOAD = "rest:document:upload"
    REST_DOCUMENT_DOWNLOAD = "rest:document:download"
    REST_INVOICE_CORRECT = "rest:invoice:correct"
    REST_INVOICE_CONFIRM = "rest:invoice:confirm"
    REST_MATCH_CONFIRM = "rest:match:confirm"
    REST_MATCH_REJECT = "rest:match:reject"
    REST_MATCH_UNSAY = "rest:match:unsay"
    REST_RECORDS_IMPORT = "rest:records:import"
    REST_RECORDS_PUSH = "rest:records:push"
    REST_IMPORT_STAGE = "rest:import:stage"
    REST_IMPORT_CANCEL = "rest:import:cancel"
    REST_IMPORT_UNDO = "rest:import:undo"
    REST_COMPANY_ADD = "rest:company:add"
    REST_COMPANY_EDIT = "rest:company:edit"
    REST_COMPANY_CLOSE = "rest:company:close"
    REST_COMPANY_REOPEN = "rest:company:reopen"
    REST_RECONCILIATION_EXPORT = "rest:reconciliation:export"
    REST_SELF_CHECK_TAKE = "rest:self_check:take"
    REST_DRAFT_CREATE = "rest:draft:create"
    REST_DRAFT_EDIT = "rest:draft:edit"
    REST_DRAFT_SUBMIT = "rest:draft:submit"
    REST_DRAFT_APPROVE = "rest:draft:approve"
    REST_DRAFT_SEND_BACK = "rest:draft:send_back"
    REST_DRAFT_WITHDRAW = "rest:draft:withdraw"
    REST_DRAFT_TAKE_UP = "rest:draft:take_up"
    REST_DRAFT_TAKE = "rest:draft:take"  #: for review
    REST_DRAFT_RELEASE = "rest:draft:release"
    REST_DRAFT_COMMENT = "rest:draft:comment"
    REST_DRAFT_ASSIGN = "rest:draft:assign"
    REST_DRAFT_DUE = "rest:draft:due"
    REST_DRAFT_ADOPT = "rest:draft:adopt"
    REST_DRAFT_DROP = "rest:draft:drop"  #: an adopted cell of an item row taken back
    REST_DRAFT_ATTACH = "rest:draft:attach"
    REST_DRAFT_DETACH = "rest:draft:detach"
    REST_DRAFT_DOWNLOAD = "rest:draft:download"  #: an attachment
    REST_DRAFT_PACKET = "rest:draft:packet"


def record(
    session: Session, actor_id: int | None, action: str, subject: str | None, detail: Mapping[str, Any] | None = None
) -> None:
    """Note `action` by `actor_id` on `subject` (`document:<id>`, `invoice:<id>`, `draft:<number>`, `user:<name>`)."""
    session.add(AuditEvent(actor_id=actor_id, action=action, subject=subject, detail=dict(detail or {})))
