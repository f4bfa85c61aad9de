import { mkdirSync, readdirSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What cleaners, editors and file managers do to a lock directory: nothing of it touches a ticket. */
export function disturb(locks: string, random: () => number): void {
  const [queues, mail] = [join(locks, 'v1', 'queues'), join(locks, 'v1', 'mail')]
  const kind = random()
  if (kind < 0.4) deleteMail(mail, random)
  else if (kind < 0.8) throwIn([...filesIn(queues).map((name) => join(queues, name)), mail], random)
  else for (const dir of filesIn(queues)) attempt(() => rmdirSync(join(queues, dir)))
  attempt(() => mkdirSync(join(queues, 'not-a-resource'), { recursive: true }))
}

function deleteMail(mail: string, random: () => number): void {
  for (const file of filesIn(mail)) if (random() < 0.3) attempt(() => unlinkSync(join(mail, file)))
}

const FOREIGN = ['.DS_Store', 'core.1234', '1_all_inf', '0_all_inf_x_y', 'x'.repeat(200), '~done', '5_1_1_k-1-x_1~done']

/** Foreign files come and go. */
function throwIn(dirs: readonly string[], random: () => number): void {
  for (const dir of dirs) {
    const file = join(dir, FOREIGN[Math.floor(random() * FOREIGN.length)] ?? 'x')
    if (random() < 0.5) attempt(() => unlinkSync(file))
    else attempt(() => writeFileSync(file, 'not a ticket'))
  }
}

function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // Somebody was faster.
  }
}
