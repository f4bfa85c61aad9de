export const PROGRAM_HELP = `
Examples:
  $ heddle history                          the slowest test files
  $ heddle plan --shards 4 > plan.json      a plan for HEDDLE_SHARD_PLAN
  $ heddle plan verify artifacts            did every file run exactly once?
  $ heddle groups                           which file is in which group, and why?
  $ heddle locks                            which test waits for which?
  $ heddle db status                        which databases are there?
  $ heddle clean                            what killed runs have left

Exit codes: 0 fine, 1 a check failed, 2 wrong usage or options, 3 cannot read, write or run the host.`

export const HISTORY_HELP = `
Examples:
  $ heddle history --limit 5
  $ heddle history --json | jq '.files[0]'

Exit codes: 0 fine, also without any records; 2 wrong usage or options; 3 the config cannot be read.`

export const SNAPSHOT_HELP = `
Values that differ by less than a quarter, or less than 50 ms, stay as they are; files that no longer exist go.

Examples:
  $ heddle history snapshot
  $ heddle history snapshot --check         in CI

Exit codes: 0 fine, 1 out of date (--check), 2 wrong usage or nothing recorded, 3 cannot read or write.`

export const PRUNE_HELP = `
Every run prunes by itself; this is for once in between.

Examples:
  $ heddle history prune --dry-run
  $ heddle history prune --runs 5

Exit codes: 0 fine, 2 wrong usage or options, 3 cannot write.`

export const MERGE_HELP = `
Records that are there already, and files that are no usable records, are skipped. Prunes at the end.

Example:
  $ heddle history merge artifacts          with .heddle/history of every shard somewhere below

Exit codes: 0 fine, 2 wrong usage or no such directory, 3 cannot write.`

export const PLAN_HELP = `
The files are those that vitest or jest finds here, with the arguments after --.
With --shards, anything but a terminal gets the plan file on standard output, for HEDDLE_SHARD_PLAN.

Examples:
  $ heddle plan --workers 8
  $ heddle plan --shards 4 > plan.json
  $ HEDDLE_SHARD_PLAN=plan.json npx vitest run --shard=1/4
  $ heddle plan --host vitest -- --project unit

Exit codes: 0 fine, 2 wrong usage or options, 3 the host is missing or failed, or a file cannot be read.`

export const GROUPS_HELP = `
The files are those that vitest or jest finds here, with the arguments after --; heddle has to be in its config.
Work is what the files take in all. No run is faster than the longest of them, or than the time of all their permits
divided by the limit.

Examples:
  $ heddle groups --workers 8
  $ heddle groups --json | jq '.groups[] | {name, workMs, setsLowerBound}'
  $ heddle groups -- --project unit

Exit codes: 0 fine, 2 wrong usage or options, 3 the host is missing or failed, or a file cannot be read.`

export const VERIFY_HELP = `
Examples:
  $ heddle plan verify artifacts            with .heddle/history of every shard somewhere below
  $ heddle plan verify shard-1 shard-2 --json

Exit codes: 0 every file ran exactly once, 1 not so or no record of a shard, 2 wrong usage or no such directory.`

export const LOCKS_HELP = `
Locks of all your runs on this machine. The holders of a broken lock fail when they give it back, if they still live;
break one only if its holder is gone and nobody can tell, as in a container that was removed.

Examples:
  $ heddle locks --watch
  $ heddle locks ledger
  $ heddle locks --json | jq '.[].holders[].pid'
  $ heddle locks --break ledger

Exit codes: 0 fine, also if nothing is held; 1 not broken, as its holders changed; 2 wrong usage, or no such lock to
break; 3 the lock directory cannot be used; 130 stopped by Ctrl-C.`

export const DB_HELP = `
Examples:
  $ heddle db status
  $ psql "$(heddle db url --slot 2)"        the database of worker 2
  $ heddle db clean                         what killed runs have left
  $ heddle db template --rebuild

Exit codes: 0 fine, 2 wrong usage or options, 3 the config or a server cannot be used.`

export const STATUS_HELP = `
Passwords are not shown; \`heddle db url\` prints a whole URL.

Examples:
  $ heddle db status
  $ heddle db status --resource main --json | jq '.[] | select(.kind == "kept").name'

Exit codes: 0 fine, also if nothing is there; 2 wrong usage or options; 3 the config or a server cannot be used.`

export const URL_HELP = `
If several runs have a database of that slot, it is the one that was used last. A server that heddle has started itself
runs only while somebody uses it: --hold keeps it until Ctrl-C.

Examples:
  $ psql "$(heddle db url --slot 2)"
  $ psql "$(heddle db url hdl_3fa1c0_kept_1)"
  $ heddle db url hdl_3fa1c0_kept_1 --hold

Exit codes: 0 fine, 2 wrong usage or no such database, 3 the config or a server cannot be used, 130 stopped by Ctrl-C.`

export const CLEAN_HELP = `
Every run does it by itself; this is for once in between. What a run still uses is left alone, and so is everything
that heddle has not marked as its own.

Examples:
  $ heddle clean
  $ heddle clean --all --dry-run

Exit codes: 0 fine, also if there was nothing to do, or the answer is no; 2 wrong usage or options; 3 the config or a
server cannot be used; 130 stopped by Ctrl-C.`

export const TEMPLATE_HELP = `
A template is made anew by itself when a migration, the seed or the server changes. This is for what heddle cannot see:
a migration that reads the clock, or a file that \`files\` does not name.

Example:
  $ heddle db template --rebuild

Exit codes: 0 fine, 2 wrong usage or options, 3 a migration failed, or the config or a server cannot be used.`
