/** Rows as text must look the same whatever a session says. */
export const ROW_SETTINGS = [
  `datestyle = 'ISO, YMD'`,
  `intervalstyle = 'postgres'`,
  `timezone = 'UTC'`,
  'extra_float_digits = 1',
  `bytea_output = 'hex'`,
  `xmloption = 'content'`,
] as const

/**
 * What the functions in the template run with. Nobody waits for ever. The search path is that of the session that installs them,
 * because code of the user's runs in there (checks of domains, expressions of indexes), which may rely on it.
 */
export const FUNCTION_SETTINGS = [
  'SET search_path FROM CURRENT',
  `SET lock_timeout = '5s'`,
  'SET jit = off',
  ...ROW_SETTINGS.map((setting) => `SET ${setting}`),
].join('\n')
