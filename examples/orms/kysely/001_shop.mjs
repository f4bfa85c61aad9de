/** @param {import('kysely').Kysely<unknown>} db */
export async function up(db) {
  await db.schema
    .createTable('plans')
    .addColumn('id', 'serial', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .execute()
  await db.schema
    .createTable('users')
    .addColumn('id', 'serial', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('plan_id', 'integer', (column) => column.notNull().references('plans.id'))
    .execute()
}
