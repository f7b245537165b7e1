"""supplements wait for an import

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_because', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('taken_up_by', ID, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_drafts_taken_up_by_users'), 'users', ['taken_up_by'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_drafts_taken_up_by_users'), type_='foreignkey')
        batch_op.drop_column('taken_up_by')
        batch_op.drop_column('held_because')
