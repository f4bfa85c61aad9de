import type { ResourcesOf } from '@heddle/db'
import { postgres } from '@heddle/db/postgres'

const config = {
  resources: {
    main: postgres({
      url: process.env.TEST_DATABASE_URL, // or nothing: a server of its own
      migrations: 'migrations/*.sql',
      seed: ({ client }) => client.query(`insert into articles (name, stock) values ('tea', 3), ('coffee', 5)`),
    }),
  },
}
export default config

declare global {
  interface HeddleResources extends ResourcesOf<typeof config> {}
}
