import { Shutdown } from '@app/lifecycle';
import { Global, Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ActivityWatch } from './budget/activity-watch';
import { ControlConnection } from './budget/control-connection';
import { NetworkPath } from './budget/network-path';
import { SchemaCheck } from './budget/schema-check';
import { ServerLimit } from './budget/server-limit';
import { SessionCheck } from './budget/session-check';
import { SharedBudget } from './budget/shared-budget';
import { DatabaseMetrics } from './database-metrics';
import { Failures } from './failures/failures';
import { ConnectionQueue } from './queue/connection-queue';
import { Connections } from './queue/connections';
import { poolProvider } from './queue/pool.provider';
import { CallHabits } from './statements/call-habits';
import { Database } from './statements/database';
import { Idempotency } from './statements/idempotency';
import { SessionConditions } from './statements/session-conditions';
import { StatementExecutor } from './statements/statement-executor';
import { TracingInterceptor } from './statements/tracing.interceptor';

const EXPORTED = [
  CallHabits,
  Connections,
  ConnectionQueue,
  ControlConnection,
  Database,
  Failures,
  Idempotency,
  NetworkPath,
  SchemaCheck,
  ServerLimit,
  SessionCheck,
  SessionConditions,
  SharedBudget,
];

/** The one database of this process: import this module once, in the service's module. */
@Global()
@Module({
  providers: [
    poolProvider,
    ActivityWatch,
    DatabaseMetrics,
    StatementExecutor,
    TracingInterceptor,
    ...EXPORTED,
  ],
  exports: [Pool, ...EXPORTED],
})
export class DatabaseModule {
  constructor(
    shutdown: Shutdown,
    failures: Failures,
    queue: ConnectionQueue,
    budget: SharedBudget,
    control: ControlConnection,
  ) {
    shutdown.at('queue', () => queue.end().finally(() => failures.end()));
    shutdown.at('control', () => {
      budget.end();
      return control.end();
    });
  }
}
