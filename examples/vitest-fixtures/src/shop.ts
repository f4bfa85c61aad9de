import { createServer, type Server } from 'node:http'

/** The shop's web server, which somebody else lets listen. */
export function createShop(): Server {
  return createServer((request, response) => {
    response.end(request.url === '/opening-hours' ? 'always' : 'welcome')
  })
}
