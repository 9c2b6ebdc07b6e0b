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
  // Five characters too, but with an E in front: EPIPE and other codes of the system. No SQLSTATE begins so.
  return code !== undefined && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined;
}

/** Whether the system itself could not reach the server: ECONNREFUSED, EPIPE, ENOTFOUND and so on. */
export function isSystemError(error: unknown): boolean {
  return /^(E(?!RR_)[A-Z0-9_]+|UNKNOWN)$/.test(errorCode(error) ?? '');
}

/**
 * Whether waiting can help when a connection was refused: no slot free, a server that starts or stops (57P0x),
 * a network that does not answer. pg tells of its own timeouts by a message alone, without a code.
 */
export function isPassing(error: unknown): boolean {
  const state = sqlstate(error);
  if (state === undefined) return true;
  return state === TOO_MANY_CONNECTIONS || /^(08|57P)/.test(state);
}

/** Whether a connection is of no more use after this error. A plain SQL error leaves it as good as before. */
export function breaksConnection(error: unknown): boolean {
  const state = sqlstate(error);
  return state === undefined || /^(08|57P)/.test(state);
}
