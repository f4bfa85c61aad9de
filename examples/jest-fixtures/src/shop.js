const { createServer } = require('node:http')

/** The shop's web server, which somebody else lets listen. */
function createShop() {
  return createServer((request, response) => {
    response.end(request.url === '/opening-hours' ? 'always' : 'welcome')
  })
}

module.exports = { createShop }
