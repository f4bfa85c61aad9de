import { DataSource, EntitySchema } from 'typeorm'
import { Shop1772366400000 } from '../typeorm/1772366400000-shop.js'

export interface User {
  readonly id: number
  readonly email: string
  readonly planId: number
}

export const users = new EntitySchema<User>({
  name: 'user',
  tableName: 'users',
  columns: {
    id: { type: Number, primary: true, generated: true },
    email: { type: String, unique: true },
    planId: { type: Number, name: 'plan_id' },
  },
})

const sourceOf = (url: string | undefined): DataSource =>
  new DataSource({ type: 'postgres', url: url ?? '', entities: [users], migrations: [Shop1772366400000] })

export async function migrateTypeOrm(url: string): Promise<void> {
  const source = await sourceOf(url).initialize()
  await source.runMigrations()
  await source.destroy()
}

export const connect = () => sourceOf(process.env.TYPEORM_URL).initialize()
