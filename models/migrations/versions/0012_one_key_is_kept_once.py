"""one key is kept once: `record_keys` already forbids two records of one key, and a second index of them costs an import

Twenty digits in the column of the old numbers become the digital number that they are.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

KEYLESS = sa.text('identity_key IS NULL')


def upgrade() -> None:
    digits = "invoice_number NOT GLOB '*[^0-9]*'" if _sqlite() else "invoice_number ~ '^[0-9]+$'"
    op.execute(
        'UPDATE records SET digital_invoice_number = invoice_number, invoice_number = NULL '
        f'WHERE digital_invoice_number IS NULL AND length(invoice_number) = 20 AND {digits}'
    )
    with op.batch_alter_table('records', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_records_identity_key'), type_='unique')
    op.create_index(
        'ix_records_without_key', 'records', ['total_incl_fen', 'issue_date'], unique=False, sqlite_where=KEYLESS,
        postgresql_where=KEYLESS,
    )


def downgrade() -> None:
    op.drop_index('ix_records_without_key', table_name='records')
    with op.batch_alter_table('records', schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f('uq_records_identity_key'), ['identity_key'])


def _sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'
