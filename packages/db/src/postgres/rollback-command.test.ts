import { expect, test } from 'vitest'
import { hidesTransactionCommand, transactionCommandOf } from './rollback-command.js'

test.for([
  ['BEGIN', { kind: 'begin' }],
  ['begin;', { kind: 'begin' }],
  ['START TRANSACTION ISOLATION LEVEL SERIALIZABLE', { kind: 'begin' }],
  ['/* sent by an orm */ BEGIN READ ONLY;', { kind: 'begin' }],
  ['-- a comment\ncommit work', { kind: 'commit' }],
  ['END', { kind: 'commit' }],
  ['ABORT', { kind: 'rollback' }],
  ['rollback transaction ;', { kind: 'rollback' }],
  ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', { kind: 'characteristics' }],
  ['savepoint "Sp 1"', { kind: 'savepoint', name: '"Sp 1"' }],
  ['SAVEPOINT Sp1', { kind: 'savepoint', name: 'sp1' }],
  ['RELEASE sp1', { kind: 'release', name: 'sp1' }],
  ['release savepoint sp1', { kind: 'release', name: 'sp1' }],
  ['ROLLBACK TO sp1', { kind: 'rollbackTo', name: 'sp1' }],
  ['rollback to savepoint "a""b"', { kind: 'rollbackTo', name: '"a""b"' }],
  ['SELECT 1', undefined],
  ['INSERT INTO beginners VALUES (1)', undefined],
  ['BEGIN; SELECT 1', undefined],
] as const)('reads %s', ([text, command]) => {
  expect(transactionCommandOf(text)).toEqual(command)
})

test.for([
  ['BEGIN; SELECT 1', true],
  ['SELECT 1; commit', true],
  [`SELECT '; commit'`, false],
  ['DO $$ BEGIN NULL; END $$', false],
  ['DO $x$ BEGIN PERFORM 1; COMMIT; END $x$', false],
  [`SELECT 1 -- ; commit`, false],
  ['SELECT ";commit" FROM users', false],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END', false],
] as const)('sees in %s whether a transaction would end', ([text, isHidden]) => {
  expect(hidesTransactionCommand(text)).toBe(isHidden)
})
