import type { Failure } from './failure';
import { CONNECTION_LEAK } from './failures/connection-leak';
import { CONNECTION_STORM } from './failures/connection-storm';
import { DEADLOCKS } from './failures/deadlocks';
import { HOT_ROW_LOCK } from './failures/hot-row-lock';
import { IDLE_IN_TRANSACTION } from './failures/idle-in-transaction';
import { LOCK_QUEUE } from './failures/lock-queue';
import { MISSING_INDEX } from './failures/missing-index';
import { N_PLUS_ONE } from './failures/n-plus-one';
import { NETWORK_HALF_OPEN } from './failures/network-half-open';
import { NETWORK_LATENCY } from './failures/network-latency';
import { NOISY_NEIGHBOUR } from './failures/noisy-neighbour';
import { POOL_EXHAUSTION } from './failures/pool-exhaustion';
import { POOL_TOO_SMALL } from './failures/pool-too-small';
import { RETRY_STORM } from './failures/retry-storm';
import { SERVER_CONNECTIONS_FULL } from './failures/server-connections-full';
import { SERVER_RESTART } from './failures/server-restart';
import { SESSIONS_KILLED } from './failures/sessions-killed';
import { SLOW_COMMIT } from './failures/slow-commit';
import { SLOW_QUERIES } from './failures/slow-queries';
import { STATEMENT_TIMEOUT } from './failures/statement-timeout';
import { TRANSACTION_ACROSS_CALL } from './failures/transaction-across-call';

/**
 * The failures in the order in which they are checked, which is the order of causes: one that causes others comes first
 * and takes its signs with it. A restart also ends sessions, a lock queue also fills pools.
 */
export const FAILURES: readonly Failure[] = [
  SERVER_RESTART,
  SESSIONS_KILLED,
  LOCK_QUEUE,
  DEADLOCKS,
  TRANSACTION_ACROSS_CALL,
  HOT_ROW_LOCK,
  STATEMENT_TIMEOUT,
  SERVER_CONNECTIONS_FULL,
  RETRY_STORM,
  IDLE_IN_TRANSACTION,
  POOL_TOO_SMALL,
  CONNECTION_LEAK,
  POOL_EXHAUSTION,
  NETWORK_LATENCY,
  NETWORK_HALF_OPEN,
  CONNECTION_STORM,
  MISSING_INDEX,
  N_PLUS_ONE,
  SLOW_QUERIES,
  NOISY_NEIGHBOUR,
  SLOW_COMMIT,
];
