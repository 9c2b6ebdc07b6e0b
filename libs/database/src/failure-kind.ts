import { ConnectionFailure } from './connection-failure';
import { isSystemError, sqlstate } from './sqlstate';

/** What a failure of the database means to a caller. */
export type FailureKind =
  | 'unavailable' // no connection, or the server went away: try again shortly
  | 'timeout' // the server gave the statement up
  | 'conflict' // concurrent changes got in each other's way: the same request may succeed
  | 'missing_reference' // something the request refers to does not exist
  | 'rule_violated' // the change would break a rule of the data
  | 'invalid_value' // PostgreSQL cannot represent a value of the request
  | 'unexpected'; // a fault of this program

/** The one table from SQLSTATE to meaning; the longest prefix wins. */
const KINDS: Record<string, FailureKind> = {
  '08': 'unavailable', // connection exceptions
  '22': 'invalid_value', // data exceptions, NUL bytes among them
  '23503': 'missing_reference',
  '23505': 'conflict', // unique violation
  '23514': 'rule_violated', // check violation
  '25P03': 'unavailable', // idle in transaction for too long: the session was ended
  '28': 'unavailable', // wrong password or no access: the operator's to mend, the caller may try again
  '3D000': 'unavailable', // no such database, likewise
  '40': 'conflict', // serialization failure, deadlock
  '42501': 'unavailable', // missing privilege: set-up has not run, or not to its end
  '42P01': 'unavailable', // undefined table: set-up has not run
  '53': 'unavailable', // too many connections, disk full, out of memory
  '55P03': 'conflict', // lock not available within lock_timeout
  '57014': 'timeout', // statement timeout or cancel
  '57P': 'unavailable', // the server stops, crashed or starts
};

/** Meaning of an error that `Database` threw; undefined if it is not one of the database. */
export function failureKind(error: unknown): FailureKind | undefined {
  if (error instanceof ConnectionFailure) return 'unavailable';
  const state = sqlstate(error);
  if (state) {
    for (let length = 5; length >= 2; length--) {
      const kind = KINDS[state.slice(0, length)];
      if (kind) return kind;
    }
    return 'unexpected';
  }
  return isDriverError(error) ? 'unavailable' : undefined;
}

/** pg tells of a lost connection and of its own timeouts by message alone. */
function isDriverError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const told = /^(Connection terminated|Query read timeout|Client has encountered|timeout exceeded)/;
  return isSystemError(error) || told.test(error.message);
}
