import type { Type } from '@nestjs/common';
import type { Fault } from '../fault';
import { ConnectionLeakFault } from './connection-leak/connection-leak.fault';
import { ConnectionStormFault } from './connection-storm/connection-storm.fault';
import { DeadlocksFault } from './deadlocks/deadlocks.fault';
import { HotRowLockFault } from './hot-row-lock/hot-row-lock.fault';
import { IdleInTransactionFault } from './idle-in-transaction/idle-in-transaction.fault';
import { LockQueueFault } from './lock-queue/lock-queue.fault';
import { MissingIndexFault } from './missing-index/missing-index.fault';
import { NPlusOneFault } from './n-plus-one/n-plus-one.fault';
import { NetworkHalfOpenFault } from './network-half-open/network-half-open.fault';
import { NetworkLatencyFault } from './network-latency/network-latency.fault';
import { NoisyNeighbourFault } from './noisy-neighbour/noisy-neighbour.fault';
import { PoolExhaustionFault } from './pool-exhaustion/pool-exhaustion.fault';
import { PoolTooSmallFault } from './pool-too-small/pool-too-small.fault';
import { ServerConnectionsFullFault } from './server-connections-full/server-connections-full.fault';
import { ServerRestartFault } from './server-restart/server-restart.fault';
import { SessionsKilledFault } from './sessions-killed/sessions-killed.fault';
import { SlowCommitFault } from './slow-commit/slow-commit.fault';
import { SlowQueriesFault } from './slow-queries/slow-queries.fault';
import { StatementTimeoutFault } from './statement-timeout/statement-timeout.fault';
import { TransactionAcrossCallFault } from './transaction-across-call/transaction-across-call.fault';

/** The one list of all faults. A new fault is its folder and a line here: docs/adding-a-fault.md. */
export const FAULTS: readonly Type<Fault>[] = [
  SlowQueriesFault,
  PoolExhaustionFault,
  ConnectionLeakFault,
  PoolTooSmallFault,
  HotRowLockFault,
  LockQueueFault,
  IdleInTransactionFault,
  DeadlocksFault,
  TransactionAcrossCallFault,
  MissingIndexFault,
  NPlusOneFault,
  NetworkLatencyFault,
  NetworkHalfOpenFault,
  NoisyNeighbourFault,
  ServerConnectionsFullFault,
  SessionsKilledFault,
  ServerRestartFault,
  ConnectionStormFault,
  StatementTimeoutFault,
  SlowCommitFault,
];
