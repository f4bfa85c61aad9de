import { expect, test } from 'vitest'
import { parseTransactions } from './open-transactions.js'

const STATUS = `LIST OF TRANSACTIONS FOR EACH SESSION:
---TRANSACTION 2086, ACTIVE 3 sec
1 lock struct(s), heap size 1128, 0 row lock(s), undo log entries 2
MariaDB thread id 10, OS thread handle 140030365865664, query id 2457 127.0.0.1 root
---TRANSACTION 2090, ACTIVE 0 sec
MySQL thread id 11, OS thread handle 1, query id 2458 127.0.0.1 root
---TRANSACTION 2091, ACTIVE 0 sec inserting
MySQL thread id 12, OS thread handle 1, query id 2459 127.0.0.1 root
---TRANSACTION (0x7f5b68311b80), not started
0 lock struct(s), heap size 1128, 0 row lock(s)
--------
`

test('transactions that are active are told, with what their session does', () => {
  const sessions = [
    { id: 10, query: null },
    { id: 11, query: 'SELECT SLEEP(9)' },
  ]
  expect(parseTransactions(STATUS, sessions)).toEqual([
    { id: '2086', threadId: 10, words: 'connection 10, idle, 2 rows changed' },
    { id: '2090', threadId: 11, words: 'connection 11, runs SELECT SLEEP(9), no rows changed' },
  ])
})

test('sessions of other databases are not told', () => {
  expect(parseTransactions(STATUS, [{ id: 99, query: null }])).toEqual([])
})

test('a user who may not see the status learns nothing', () => {
  expect(parseTransactions('', [{ id: 10, query: null }])).toEqual([])
})
