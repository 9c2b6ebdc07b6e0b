/** too_many_connections: the limit of the role, the database or the server. */
export const TOO_MANY_CONNECTIONS = '53300';

/** The code of an error: an SQLSTATE, one of Node's, or undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The SQLSTATE of an error of PostgreSQL; undefined if the server did not answer. */
export function sqlstate(error: unknown): string | undefined {
  const code = errorCode(error);
  // EPIPE and other codes of the system have five characters too, but begin with E, as no SQLSTATE does.
  return code !== undefined && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined;
}
