"""work on imports is told apart: a table on its way in, an import taken back, documents matched again

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('staged_imports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purpose', sa.String(length=10), nullable=False, server_default='import'))
    with op.batch_alter_table('staged_imports', schema=None) as batch_op:
        batch_op.alter_column('purpose', server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM staged_imports WHERE purpose <> 'import'")
    with op.batch_alter_table('staged_imports', schema=None) as batch_op:
        batch_op.drop_column('purpose')
