import type { SessionSettings } from '@app/postgres-session';

/** Limits of each session of the services' role. The set-up sets them on the role, and each session sets them again. */
export const SERVICE_LIMITS: SessionSettings = {
  // The slot of a client that was killed becomes free at once, even in the middle of a statement.
  client_connection_check_interval: '500ms',
  // Longer than the longest delay that a fault may add (30 s); the services give up earlier by themselves.
  statement_timeout: '40s',
  lock_timeout: '2s',
  // A transaction that a broken network left behind releases its rows before those who wait for them give up.
  idle_in_transaction_session_timeout: '1500ms',
};

/**
 * The same for the control role. It is less than the 3 s after which a process gives up on an answer: PostgreSQL then
 * reports the reason, and the connection lives on, with its locks and its LISTEN.
 */
export const CONTROL_LIMITS: SessionSettings = {
  client_connection_check_interval: '500ms',
  statement_timeout: '2500ms',
  lock_timeout: '600ms',
  idle_in_transaction_session_timeout: '1500ms',
};

/** Connections of the control role: one for each process, the console's, and those that are being replaced. */
export const CONTROL_CONNECTION_LIMIT = 50;

/** The same for the neighbour, another application on the server. It stays bounded whatever happens to its process. */
export const NEIGHBOUR_LIMITS: SessionSettings = {
  client_connection_check_interval: '500ms',
  statement_timeout: '20s',
};
