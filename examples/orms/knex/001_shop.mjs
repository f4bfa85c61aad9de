/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.schema.createTable('plans', (table) => {
    table.increments()
    table.text('name').notNullable().unique()
  })
  await knex.schema.createTable('users', (table) => {
    table.increments()
    table.text('email').notNullable().unique()
    table.integer('plan_id').notNullable().references('plans.id')
  })
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.schema.dropTable('users').dropTable('plans')
}
