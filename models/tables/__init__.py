"""ORM tables, one file per subject. Import from here so that every table is registered on `Base`."""

from models.tables.accounts import ApiToken, AuditEvent, User, UserSession
from models.tables.base import Base
from models.tables.companies import CompanyRow, UserCompanyRow
from models.tables.documents import DocumentRow, InvoiceRow
from models.tables.drafts import DraftAttachmentRow, DraftEventRow, DraftRow
from models.tables.importing import ImportMappingRow, StagedImportRow
from models.tables.learning import LearnedWeightRow, PairRow, RedLinkRow
from models.tables.notices import NoticeReadRow, NoticeRow
from models.tables.records import ImportRow, RecordChangeRow, RecordKeyRow, RecordLineRow, RecordRow
from models.tables.searching import SavedViewRow, SearchChangeRow, SelfCheckRow

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Base",
    "CompanyRow",
    "DocumentRow",
    "DraftAttachmentRow",
    "DraftEventRow",
    "DraftRow",
    "ImportMappingRow",
    "ImportRow",
    "InvoiceRow",
    "LearnedWeightRow",
    "NoticeReadRow",
    "NoticeRow",
    "PairRow",
    "RecordChangeRow",
    "RecordKeyRow",
    "RecordLineRow",
    "RecordRow",
    "RedLinkRow",
    "SavedViewRow",
    "SearchChangeRow",
    "SelfCheckRow",
    "StagedImportRow",
    "User",
    "UserCompanyRow",
    "UserSession",
]
