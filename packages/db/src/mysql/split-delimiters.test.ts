import { expect, test } from 'vitest'
import { splitDelimiters } from './split-delimiters.js'

test('a script without the command is sent as it is', () => {
  const sql = "INSERT INTO word VALUES ('delimiter $$'); SELECT 1;"
  expect(splitDelimiters(sql)).toEqual([sql])
})

test('what stands between delimiters is one statement, whatever semicolons are in it', () => {
  const sql = `CREATE TABLE a (id INT);
DELIMITER $$
CREATE PROCEDURE p() BEGIN
  SELECT 1;
END $$
CREATE PROCEDURE q() SELECT 2$$
delimiter ;
DROP TABLE a;`
  expect(splitDelimiters(sql)).toEqual([
    'CREATE TABLE a (id INT);',
    'CREATE PROCEDURE p() BEGIN\n  SELECT 1;\nEND',
    'CREATE PROCEDURE q() SELECT 2',
    'DROP TABLE a;',
  ])
})

test('lines end as on Windows, too', () => {
  expect(splitDelimiters('DELIMITER //\r\nSELECT 1//\r\nDELIMITER ;\r\n')).toEqual(['SELECT 1'])
})
