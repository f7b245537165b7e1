"""sellers are found by name

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_records_seller_name'), 'records', ['seller_name'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_records_seller_name'), table_name='records')
