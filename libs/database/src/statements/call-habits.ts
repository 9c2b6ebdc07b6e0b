import { Injectable } from '@nestjs/common';
import type { PooledConnection } from '../queue/pooled-connection';
import type { Statement, Value } from './statement';
import type { StatementRunner } from './statement-runner';

/** Done after each statement outside a transaction, when its rows are known and its caller still waits. */
export type AfterStatement = (
  statement: Statement<object, readonly Value[]>,
  rows: readonly object[],
  runner: StatementRunner,
) => Promise<void>;

/**
 * The seam for an application's bad habits in using its connections, without the application's code knowing. While none
 * is set, it costs nothing.
 */
@Injectable()
export class CallHabits {
  /** Milliseconds that each transaction stays open before its COMMIT; a statement outside one gets a transaction for it. */
  holdOpenMs?: number;
  afterStatement?: AfterStatement;
  /** Asked before a connection is given back. If true, it is not given back, and belongs to the one who was asked. */
  forgets?: (client: PooledConnection) => boolean;
}
