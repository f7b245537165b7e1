"""imports are previewed and mapped

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'staged_imports',
        sa.Column('token', sa.String(length=36), nullable=False),
        sa.Column('file_name', sa.String(length=500), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('channel', sa.String(length=20), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('direction', sa.String(length=10), nullable=True),
        sa.Column('owner_tax_id', sa.String(length=30), nullable=True),
        sa.Column('covers_from', sa.Date(), nullable=True),
        sa.Column('covers_to', sa.Date(), nullable=True),
        sa.Column('mapping', sa.JSON(), nullable=True),
        sa.Column('mapping_name', sa.String(length=80), nullable=True),
        sa.Column('preview', sa.JSON(), nullable=True),
        sa.Column('error_code', sa.String(length=50), nullable=True),
        sa.Column('error_details', sa.JSON(), nullable=True),
        sa.Column('import_id', ID, nullable=True),
        sa.Column('created_by', ID, nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_staged_imports_created_by_users')),
        sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_staged_imports_import_id_imports')),
        sa.PrimaryKeyConstraint('token', name=op.f('pk_staged_imports')),
    )
    with op.batch_alter_table('staged_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staged_imports_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_staged_imports_state'), ['state'], unique=False)
    op.create_table(
        'import_mappings',
        sa.Column('id', ID, autoincrement=True, nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('signature', sa.String(length=64), nullable=False),
        sa.Column('headers', sa.JSON(), nullable=False),
        sa.Column('columns', sa.JSON(), nullable=False),
        sa.Column('grain', sa.String(length=10), nullable=False),
        sa.Column('direction', sa.String(length=10), nullable=True),
        sa.Column('owner_tax_id', sa.String(length=30), nullable=True),
        sa.Column('created_by', ID, nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_import_mappings_created_by_users')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mappings')),
        sa.UniqueConstraint('name', name=op.f('uq_import_mappings_name')),
    )
    with op.batch_alter_table('import_mappings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_mappings_signature'), ['signature'], unique=False)
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mapping_name', sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.drop_column('mapping_name')
    op.drop_table('import_mappings')
    op.drop_table('staged_imports')
