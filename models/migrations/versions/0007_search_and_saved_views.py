"""search and saved views

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('saved_views',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_views_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_saved_views_user_id_name'))
    )
    op.create_index(op.f('ix_saved_views_user_id'), 'saved_views', ['user_id'], unique=False)
    op.create_table('search_changes',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('item_id', sa.BigInteger(), nullable=False),
    sa.Column('lines_after', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_changes'))
    )
    op.create_table('self_checks',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('company_tax_id', sa.String(length=30), nullable=False),
    sa.Column('taken_by', ID, nullable=True),
    sa.Column('totals', sa.JSON(), nullable=False),
    sa.Column('open_items', sa.JSON(), nullable=False),
    sa.Column('previous_id', ID, nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['previous_id'], ['self_checks.id'], name=op.f('fk_self_checks_previous_id_self_checks')),
    sa.ForeignKeyConstraint(['taken_by'], ['users.id'], name=op.f('fk_self_checks_taken_by_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_checks'))
    )
    op.create_index(op.f('ix_self_checks_company_tax_id_period_taken_at'), 'self_checks', ['company_tax_id', 'period', 'taken_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_self_checks_company_tax_id_period_taken_at'), table_name='self_checks')
    op.drop_table('self_checks')
    # the triggers that write into it go with it; they are made by matching/searching/changes.py
    if op.get_bind().dialect.name == 'sqlite':
        found = op.get_bind().execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_%'"))
        for (name,) in found.fetchall():
            op.execute(f'DROP TRIGGER {name}')
    else:
        op.execute('DROP FUNCTION IF EXISTS search_note() CASCADE')
    op.drop_table('search_changes')
    op.drop_index(op.f('ix_saved_views_user_id'), table_name='saved_views')
    op.drop_table('saved_views')
