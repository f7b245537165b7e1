"""groups of companies and who sees which

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OWN = sa.text('NOT shares_tax_id')


def upgrade() -> None:
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('short_name', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('shares_tax_id', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('parent_id', ID, nullable=True))
        batch_op.add_column(sa.Column('names_until', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_companies_parent_id_companies'), 'companies', ['parent_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('uq_companies_tax_id'), type_='unique')
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.alter_column('names_until', server_default=None)
    op.create_index('uq_companies_tax_id', 'companies', ['tax_id'], unique=True, sqlite_where=OWN, postgresql_where=OWN)
    op.create_table('user_companies',
    sa.Column('user_id', ID, nullable=False),
    sa.Column('company_id', ID, nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_user_companies_company_id_companies'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_companies_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'company_id', name=op.f('pk_user_companies'))
    )
    op.create_index(op.f('ix_documents_member_of'), 'documents', ['member_of'], unique=False)


def downgrade() -> None:
    """Branches that share their head office's tax id go: before, an id belonged to one company only."""
    op.drop_index(op.f('ix_documents_member_of'), table_name='documents')
    op.drop_table('user_companies')
    op.drop_index('uq_companies_tax_id', table_name='companies')
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_companies_parent_id_companies'), type_='foreignkey')
        for column in ('closed_on', 'note', 'names_until', 'parent_id', 'short_name'):
            batch_op.drop_column(column)
    op.execute('DELETE FROM companies WHERE shares_tax_id')
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.drop_column('shares_tax_id')
        batch_op.create_unique_constraint(batch_op.f('uq_companies_tax_id'), ['tax_id'])
