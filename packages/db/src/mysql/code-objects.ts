import { quoteBackticked as quote } from '../common/quote.js'
import type { MysqlSession, Row } from './mysql-session.js'

type CodeKind = 'FUNCTION' | 'PROCEDURE' | 'VIEW' | 'TRIGGER' | 'EVENT'

/** What a database has besides tables. */
export interface CodeObject {
  readonly kind: CodeKind
  readonly name: string
  /** Of a trigger. */
  readonly table: string | undefined
  readonly create: string
  /** Under which it was created, and has to be again. */
  readonly sqlMode: string | undefined
}

/** The column of SHOW CREATE … that holds the statement. */
const STATEMENT: Readonly<Record<CodeKind, string>> = {
  FUNCTION: 'Create Function',
  PROCEDURE: 'Create Procedure',
  VIEW: 'Create View',
  TRIGGER: 'SQL Original Statement',
  EVENT: 'Create Event',
}

const NAMES = `
  SELECT 1 AS place, ROUTINE_TYPE AS kind, ROUTINE_NAME AS name, NULL AS tab, 0 AS nth FROM information_schema.ROUTINES
    WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
  UNION ALL SELECT 2, 'VIEW', TABLE_NAME, NULL, 0 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
  UNION ALL SELECT 3, 'TRIGGER', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_ORDER FROM information_schema.TRIGGERS
    WHERE TRIGGER_SCHEMA = DATABASE()
  UNION ALL SELECT 4, 'EVENT', EVENT_NAME, NULL, 0 FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
  ORDER BY place, tab, nth, name`

/** Changes whenever one of them is created, altered or dropped. */
export const CODE_FINGERPRINT = `
  SELECT MD5(GROUP_CONCAT(line ORDER BY line SEPARATOR '\\n')) AS code FROM (
    SELECT CONCAT_WS('|', ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION, SQL_MODE, ROUTINE_COMMENT,
      (SELECT GROUP_CONCAT(CONCAT_WS(' ', PARAMETER_MODE, PARAMETER_NAME, p.DTD_IDENTIFIER) ORDER BY ORDINAL_POSITION)
        FROM information_schema.PARAMETERS AS p
        WHERE p.SPECIFIC_SCHEMA = DATABASE() AND p.SPECIFIC_NAME = r.SPECIFIC_NAME)) AS line
      FROM information_schema.ROUTINES AS r WHERE ROUTINE_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT_WS('|', 'VIEW', TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, SECURITY_TYPE)
      FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT_WS('|', 'TRIGGER', TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_TIMING, ACTION_ORDER,
      ACTION_STATEMENT, SQL_MODE) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT_WS('|', 'EVENT', EVENT_NAME, EVENT_DEFINITION, STATUS, INTERVAL_VALUE, INTERVAL_FIELD, EXECUTE_AT)
      FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
  ) AS code`

/** @param session in the database */
export async function readCode(session: MysqlSession, database: string): Promise<readonly CodeObject[]> {
  const found: CodeObject[] = []
  for (const row of await session.rows(NAMES)) {
    const kind = String(row['kind']) as CodeKind
    const [shown] = await session.rows(`SHOW CREATE ${kind} ${quote(String(row['name']))}`)
    if (shown !== undefined) found.push(codeOf(row, shown, database))
  }
  return found
}

function codeOf(row: Row, shown: Row, database: string): CodeObject {
  const kind = String(row['kind']) as CodeKind
  return {
    kind,
    name: String(row['name']),
    table: row['tab'] === null ? undefined : String(row['tab']),
    // The server writes the database into views. The copy is to speak of its own tables.
    create: String(shown[STATEMENT[kind]]).replaceAll(`${quote(database)}.`, ''),
    sqlMode: shown['sql_mode'] === undefined ? undefined : String(shown['sql_mode']),
  }
}
