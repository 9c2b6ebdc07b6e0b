import { Global, Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ConnectionQueue } from './connection-queue';
import { Connections } from './connections';
import { ControlConnection } from './control-connection';
import { Database } from './database';
import { DatabaseMetrics } from './database-metrics';
import { Idempotency } from './idempotency';
import { poolProvider } from './pool.provider';
import { SchemaCheck } from './schema-check';
import { SessionConditions } from './session-conditions';
import { SharedBudget } from './shared-budget';
import { StatementExecutor } from './statement-executor';
import { TracingInterceptor } from './tracing.interceptor';

const DOORS = [
  Connections,
  ConnectionQueue,
  ControlConnection,
  Database,
  Idempotency,
  SchemaCheck,
  SessionConditions,
  SharedBudget,
];

/** The one database of this process: import it once in the service's module. */
@Global()
@Module({
  providers: [poolProvider, DatabaseMetrics, StatementExecutor, TracingInterceptor, ...DOORS],
  exports: [Pool, ...DOORS],
})
export class DatabaseModule {}
