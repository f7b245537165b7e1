"""matching learns from confirmed pairs, remembers red and blue, and tells people

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('match_pairs',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('invoice_id', ID, nullable=False),
    sa.Column('record_id', ID, nullable=False),
    sa.Column('same', sa.Boolean(), nullable=False),
    sa.Column('relations', sa.JSON(), nullable=False),
    sa.Column('offset', sa.Double(), nullable=False),
    sa.Column('decided_by', ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_match_pairs_decided_by_users')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_match_pairs_invoice_id_invoices'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['record_id'], ['records.id'], name=op.f('fk_match_pairs_record_id_records'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_pairs')),
    sa.UniqueConstraint('invoice_id', 'record_id', name=op.f('uq_match_pairs_invoice_id_record_id'))
    )
    op.create_index(op.f('ix_match_pairs_record_id'), 'match_pairs', ['record_id'])

    op.create_table('learned_weights',
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('relation', sa.String(length=40), nullable=False),
    sa.Column('shift', sa.Double(), nullable=False),
    sa.Column('confirmed', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('learned_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('field', 'relation', name=op.f('pk_learned_weights'))
    )

    op.create_table('red_links',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('red_record_id', ID, nullable=True),
    sa.Column('red_invoice_id', ID, nullable=True),
    sa.Column('red_key', sa.String(length=60), nullable=True),
    sa.Column('red_fen', sa.BigInteger(), nullable=True),
    sa.Column('seller_tax_id', sa.String(length=30), nullable=True),
    sa.Column('blue_key', sa.String(length=60), nullable=True),
    sa.Column('blue_record_id', ID, nullable=True),
    sa.Column('blue_invoice_id', ID, nullable=True),
    sa.Column('confirmation_number', sa.String(length=24), nullable=True),
    sa.Column('form_number', sa.String(length=24), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['blue_invoice_id'], ['invoices.id'], name=op.f('fk_red_links_blue_invoice_id_invoices'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['blue_record_id'], ['records.id'], name=op.f('fk_red_links_blue_record_id_records'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['red_invoice_id'], ['invoices.id'], name=op.f('fk_red_links_red_invoice_id_invoices'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['red_record_id'], ['records.id'], name=op.f('fk_red_links_red_record_id_records'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_red_links')),
    sa.UniqueConstraint('red_invoice_id', name=op.f('uq_red_links_red_invoice_id')),
    sa.UniqueConstraint('red_record_id', name=op.f('uq_red_links_red_record_id'))
    )
    for column in ('blue_invoice_id', 'blue_key', 'blue_record_id'):
        op.create_index(op.f(f'ix_red_links_{column}'), 'red_links', [column])

    op.create_table('notices',
    sa.Column('id', ID, autoincrement=True, nullable=False),
    sa.Column('user_id', ID, nullable=True),
    sa.Column('role', sa.String(length=20), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('user_id IS NOT NULL OR role IS NOT NULL', name=op.f('ck_notices_somebody')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    for column in ('role', 'user_id'):
        op.create_index(op.f(f'ix_notices_{column}'), 'notices', [column])

    op.create_table('notice_reads',
    sa.Column('notice_id', ID, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_reads_notice_id_notices'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notice_reads_user_id_users')),
    sa.PrimaryKeyConstraint('notice_id', 'user_id', name=op.f('pk_notice_reads'))
    )


def downgrade() -> None:
    for table in ('notice_reads', 'notices', 'red_links', 'learned_weights', 'match_pairs'):
        op.drop_table(table)
