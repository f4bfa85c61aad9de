import { HeddleError } from '@heddle/core'

/** Where a server is, as a URL says it. */
export interface Address {
  /** Without the colon: `postgres`. */
  readonly protocol: string
  /** A name, an address, or the directory of a socket (begins with `/`). */
  readonly host: string
  readonly port: number | undefined
  readonly user: string
  readonly database: string
  /** For people: without the password and without parameters. */
  readonly words: string
}

/** What makes sense of a URL. */
export interface AddressFormat {
  /** Of the option, for messages: `url of resource "main"`. */
  readonly place: string
  /** The first one is for the message. */
  readonly protocols: readonly string[]
  /** What the driver connects to where the URL names no host: of a variable, maybe. */
  readonly defaultHost?: string | undefined
}

/**
 * @throws HeddleError `HEDDLE_RESOURCE_INVALID` if it is no URL of such a server. The message does not quote it: it may hold a
 *   password
 */
export function parseAddress(url: string, { place, protocols, defaultHost = '' }: AddressFormat): Address {
  const parsed = toUrl(url)
  const protocol = parsed?.protocol.slice(0, -1)
  if (parsed === undefined || protocol === undefined || !protocols.includes(protocol)) {
    throw new HeddleError('HEDDLE_RESOURCE_INVALID', {
      problem: `Cannot use the ${place}: it is no URL that begins with ${protocols.map((name) => `"${name}://"`).join(' or ')}`,
      fix: `write it as ${protocols[0]}://user:password@host:port/database; characters such as @ : / # % in the password are to be encoded (encodeURIComponent).`,
    })
  }
  return addressOf(parsed, protocol, defaultHost)
}

function addressOf(url: URL, protocol: string, defaultHost: string): Address {
  const host = decode(hostIn(url, protocol) || defaultHost).replace(/^\[(.*)\]$/, '$1')
  const port = url.searchParams.get('port') ?? url.port
  const user = decode(url.username)
  const database = decode(url.pathname.slice(1))
  const where = `${host}${port === '' ? '' : `:${port}`}`
  return {
    protocol,
    host,
    port: port === '' ? undefined : Number(port),
    user,
    database,
    words: `${protocol}://${user === '' ? '' : `${user}@`}${where}${database === '' ? '' : `/${database}`}`,
  }
}

/** The one that is connected to, however many there are: it is what has to be allowed. */
function hostIn({ hostname, searchParams }: URL, protocol: string): string {
  const named = protocol.startsWith('postgres') ? searchParams.getAll('host').at(-1) : undefined
  return named || hostname
}

function toUrl(url: string): URL | undefined {
  try {
    const parsed = new URL(url)
    decodeURIComponent(parsed.username + parsed.hostname + parsed.pathname)
    return parsed
  } catch {
    return undefined
  }
}

function decode(text: string): string {
  return decodeURIComponent(text)
}
