// Throws into a lock directory whatever can go wrong in it, except that it never touches the names of living tickets.
const { spawnSync } = require('node:child_process')
const { randomBytes } = require('node:crypto')
const fs = require('node:fs')
const { join } = require('node:path')
const { chance } = require('./lease-random.cjs')

/** @param locks the lock directory @param deadOwner the owner of a thread that is gone */
exports.vandal = (locks, deadOwner, seed) => {
  const random = chance(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const [queues, mail, owners] = ['queues', 'mail', 'owners'].map((name) => join(locks, 'v1', name))
  const list = (dir) => (fs.existsSync(dir) ? fs.readdirSync(dir) : [])
  const anyQueue = () => join(queues, pick(list(queues).filter((name) => !name.startsWith('junk'))) ?? 'junk')
  const anyTicket = () => {
    const dir = anyQueue()
    return join(dir, pick(list(dir)) ?? 'none')
  }
  /** Nothing behind a link: it may be anywhere on this machine. */
  const ownFile = () => {
    const file = anyTicket()
    if (fs.lstatSync(file).isSymbolicLink()) throw new Error('It leads elsewhere')
    return file
  }
  const outside = join(locks, '..')
  const unique = () => randomBytes(5).toString('hex')
  const garbage = () => randomBytes(Math.floor(random() * 300))
  const strangers = new Set()
  /** What it has forged, the oldest first: the oldest are taken back, as every listing reads them all. */
  const litter = []

  const keep = (file) => {
    litter.push(file)
    return file
  }
  const number = () =>
    pick([
      '1',
      '2',
      '7',
      '900',
      '007',
      '000000000000001',
      '123456789012345',
      '999999999999999',
      '1'.repeat(16),
      '9'.repeat(40),
      '0',
    ])
  const permits = () => pick(['all', '1', '2', '3', '999999999', '0', '01', '-1'])
  const limit = () => pick(['inf', '1', '2', '4', '999999999', '0', '02', 'none'])
  const forged = (owner) => keep(join(anyQueue(), `${number()}_${permits()}_${limit()}_${owner}_${unique()}`))
  const deadTicket = () => forged(deadOwner)
  const alien = () =>
    join(
      anyQueue(),
      pick([
        '.DS_Store',
        'x'.repeat(255),
        '1_all_inf',
        '1_all_inf_A_b',
        '_____',
        'a\nb',
        '1_all_inf_l-1_x~done~done',
        `${unique()}.tmp`,
      ]),
    )

  const mutations = [
    () => fs.writeFileSync(alien(), garbage()),
    () => fs.writeFileSync(deadTicket(), garbage()),
    () => fs.writeFileSync(deadTicket(), '{"name": 5, "since": "yesterday", "cwd": {'),
    () => fs.writeFileSync(deadTicket(), 'null'),
    () => fs.writeFileSync(`${deadTicket()}~done`, garbage()),
    () => fs.mkdirSync(deadTicket()),
    () => fs.mkdirSync(join(deadTicket(), 'x'), { recursive: true }),
    () => fs.symlinkSync(pick(['nowhere', '/dev/zero', '.', outside]), deadTicket()),
    () => fs.symlinkSync('/dev/zero', forged(pick(['UPPER', '', '..', 'l_1']))),
    () => fs.truncateSync(ownFile(), Math.floor(random() * 20)),
    () => fs.writeFileSync(ownFile(), garbage(), { flag: 'r+' }),
    () => fs.chmodSync(ownFile(), pick([0o000, 0o600, 0o444])),
    () => fs.utimesSync(ownFile(), random() * 4e9, random() * 4e9),
    () => fs.writeFileSync(join(mail, pick([unique(), deadOwner, 'k-1-x'])), garbage()),
    () => fs.mkdirSync(join(mail, `${deadOwner}${Math.floor(random() * 9)}`)),
    () => fs.unlinkSync(join(mail, pick(list(mail)) ?? 'none')),
    () => fs.mkdirSync(join(owners, unique()), { recursive: true }),
    () => fs.writeFileSync(join(owners, pick([unique(), deadOwner])), garbage()),
    () => fs.writeFileSync(join(queues, `junk${Math.floor(random() * 9)}`), garbage()),
    () => fs.mkdirSync(join(queues, `junkdir${Math.floor(random() * 9)}`, 'x'), { recursive: true }),
    () => fs.symlinkSync('nowhere', join(queues, 'junklink')),
    () => fs.rmdirSync(anyQueue()),
    () => fs.rmSync(join(anyQueue(), '.DS_Store')),
  ]
  const rare = [
    () => fs.truncateSync(ownFile(), 2 ** 33),
    () => spawnSync('mkfifo', [deadTicket(), deadTicket(), `${deadTicket()}~done`, join(mail, unique())]),
    () => fs.rmSync(mail, { recursive: true, force: true }),
    // Of owners that nobody can judge: they have to be waited for, if they are not in the way by another limit.
    () => {
      const dir = anyQueue()
      const limits = dir.includes('pool-') ? '3' : 'inf'
      const owner = pick(['x', 'l-0-0-1-1-1', 'k-1-0123456789abcdef'])
      const file = join(
        dir,
        `${pick(['1', '50', '123456789012345'])}_${pick(['all', '1'])}_${limits}_${owner}_${unique()}`,
      )
      strangers.add(file)
      if (random() < 0.3) spawnSync('mkfifo', [file])
      else fs.writeFileSync(file, pick(['', '{}', garbage()]))
    },
  ]

  const leave = () => {
    for (const file of strangers) fs.rmSync(file, { recursive: true, force: true })
    strangers.clear()
    for (const file of litter.splice(0, Math.max(0, litter.length - 200))) {
      for (const name of [file, `${file}~done`]) fs.rmSync(name, { recursive: true, force: true })
    }
  }
  return {
    /** One mutation. */
    strike() {
      try {
        pick(random() < 0.01 ? rare : mutations)()
      } catch {
        // What it wanted to spoil is not there.
      }
    },
    /** Takes back the tickets that keep everybody waiting, and the oldest litter. */
    leave,
  }
}
