const { postgres } = require('@heddle/db/postgres')

module.exports = {
  resources: {
    main: postgres({
      url: process.env.TEST_DATABASE_URL, // or nothing: a server of its own
      migrations: 'migrations/*.sql',
      seed: ({ client }) => client.query(`insert into articles (name, stock) values ('tea', 3), ('coffee', 5)`),
    }),
  },
}
