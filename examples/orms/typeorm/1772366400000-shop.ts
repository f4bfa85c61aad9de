import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Shop1772366400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table plans (id serial primary key, name text not null unique)')
    await runner.query(
      'create table users (id serial primary key, email text not null unique, plan_id integer not null references plans)',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table users, plans')
  }
}
