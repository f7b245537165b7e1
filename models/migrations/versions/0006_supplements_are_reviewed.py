"""supplements are reviewed and completed

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
BEFORE = 'approved_by IS NULL OR approved_by <> submitted_by'
SINCE = (
    'approved_by IS NULL OR ((submitted_by IS NULL OR approved_by <> submitted_by)'
    ' AND (edited_by IS NULL OR approved_by <> edited_by))'
)
PEOPLE = ('assigned_to', 'edited_by', 'reviewer_id')


def upgrade() -> None:
    op.create_table('draft_attachments',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('draft_id', ID, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=500), nullable=False),
    sa.Column('media', sa.String(length=10), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('attached_by', ID, nullable=True),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('detached_by', ID, nullable=True),
    sa.Column('detached_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['draft_id'], ['drafts.id'], name=op.f('fk_draft_attachments_draft_id_drafts')),
    sa.ForeignKeyConstraint(['attached_by'], ['users.id'], name=op.f('fk_draft_attachments_attached_by_users')),
    sa.ForeignKeyConstraint(['detached_by'], ['users.id'], name=op.f('fk_draft_attachments_detached_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_attachments'))
    )
    with op.batch_alter_table('draft_attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_attachments_draft_id'), ['draft_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_attachments_sha256'), ['sha256'], unique=False)

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('line_support', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('total_incl_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('issue_date', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('buyer_tax_id', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('assigned_to', ID, nullable=True))
        batch_op.add_column(sa.Column('edited_by', ID, nullable=True))
        batch_op.add_column(sa.Column('reviewer_id', ID, nullable=True))
        batch_op.add_column(sa.Column('review_began_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_because', sa.String(length=30), nullable=True))
        for column in PEOPLE:
            batch_op.create_foreign_key(batch_op.f(f'fk_drafts_{column}_users'), 'users', [column], ['id'])
        batch_op.create_index(batch_op.f('ix_drafts_due_on'), ['due_on'], unique=False)
        batch_op.drop_constraint(batch_op.f('ck_drafts_four_eyes'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_drafts_four_eyes'), SINCE)
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.alter_column('version', server_default=None)
        batch_op.alter_column('line_support', server_default=None)
    _fill()


def _fill() -> None:
    """The copies that lists are sorted by; open drafts fall due a day after they were made, closed ones with a reason."""
    drafts = sa.table(
        'drafts', sa.column('id', ID), sa.column('fields', sa.JSON), sa.column('created_at', sa.DateTime(timezone=True)),
        sa.column('state', sa.String), sa.column('total_incl_fen', sa.BigInteger), sa.column('issue_date', sa.Date),
        sa.column('buyer_tax_id', sa.String), sa.column('due_on', sa.Date), sa.column('ended_because', sa.String),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(drafts.c.id, drafts.c.fields, drafts.c.created_at)).all():
        fields: dict[str, Any] = row.fields
        value = {name: (fields.get(name) or {}).get('value') for name in ('total_incl_tax', 'issue_date', 'buyer_tax_id')}
        connection.execute(
            sa.update(drafts).where(drafts.c.id == row.id).values(
                total_incl_fen=_fen(value['total_incl_tax']),
                issue_date=date.fromisoformat(value['issue_date']) if value['issue_date'] else None,
                buyer_tax_id=value['buyer_tax_id'],
                due_on=(row.created_at + timedelta(days=1)).date(),
            )
        )
    connection.execute(sa.update(drafts).where(drafts.c.state == 'closed').values(ended_because='recorded'))


def _fen(text: str | None) -> int | None:
    try:
        return int(Decimal(text) * 100) if text else None
    except InvalidOperation:
        return None


def downgrade() -> None:
    op.execute("UPDATE drafts SET state = 'submitted' WHERE state = 'in_review'")
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_drafts_four_eyes'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_drafts_four_eyes'), BEFORE)
        batch_op.drop_index(batch_op.f('ix_drafts_due_on'))
        for column in PEOPLE:
            batch_op.drop_constraint(batch_op.f(f'fk_drafts_{column}_users'), type_='foreignkey')
        for column in ('ended_because', 'review_began_at', *PEOPLE, 'due_on', 'buyer_tax_id', 'issue_date',
                       'total_incl_fen', 'line_support', 'version'):
            batch_op.drop_column(column)
    op.drop_table('draft_attachments')
