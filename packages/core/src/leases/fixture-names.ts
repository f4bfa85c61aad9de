const RUN = /^run:(r-[0-9a-f]{10})$/
const PORT = /^port-(tcp|udp)-(\d+)$/

/** Shared by all who use the directory of a run. @param dir its name */
export function runLeaseName(dir: string): string {
  return `run:${dir}`
}

export function portLeaseName(protocol: 'tcp' | 'udp', port: number): string {
  return `port-${protocol}-${port}`
}

export function isRunLeaseName(name: string): boolean {
  return RUN.test(name)
}

/** `port 23107`, `the directory of run r-5f0c2a9b1e`; undefined for names of other leases. */
export function describeFixtureLease(name: string): string | undefined {
  const [, dir] = RUN.exec(name) ?? []
  if (dir !== undefined) return `the directory of run ${dir}`
  const [, protocol, port] = PORT.exec(name) ?? []
  return port === undefined ? undefined : `${protocol === 'udp' ? 'UDP port' : 'port'} ${port}`
}
