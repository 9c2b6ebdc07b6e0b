import type { SessionSettings } from '@app/postgres-session';

/** Limits of each session of the services' role. The set-up gives them to the role, each session sets them again. */
export const SERVICE_LIMITS: SessionSettings = {
  // A client that was killed frees its slot at once, even in the middle of a statement.
  client_connection_check_interval: '500ms',
  // Above the longest delay a fault may add (30 s); the services give up earlier by themselves.
  statement_timeout: '40s',
  lock_timeout: '2s',
  // A transaction that a broken network left behind lets go of its rows before those who wait for them give up.
  idle_in_transaction_session_timeout: '1500ms',
};

/**
 * The same for the control role. Less than the 3 s after which a process gives an answer up: PostgreSQL then says
 * what is the matter, and the connection lives on, with the locks and the LISTEN that are its own.
 */
export const CONTROL_LIMITS: SessionSettings = {
  client_connection_check_interval: '500ms',
  statement_timeout: '2500ms',
  lock_timeout: '600ms',
  idle_in_transaction_session_timeout: '1500ms',
};

/** Connections of the control role: one for each process, the console's, and those that are being replaced. */
export const CONTROL_CONNECTION_LIMIT = 50;

/** The same for the neighbour: a stranger on the server, bounded whatever happens to the process behind it. */
export const NEIGHBOUR_LIMITS: SessionSettings = {
  client_connection_check_interval: '500ms',
  statement_timeout: '20s',
};
