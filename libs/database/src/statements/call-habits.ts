import { Injectable } from '@nestjs/common';
import type { PooledConnection } from '../queue/pooled-connection';
import type { Statement, Value } from './statement';
import type { StatementRunner } from './statement-runner';

/** What is done after each statement that stands outside a transaction: its rows are known, its caller waits. */
export type AfterStatement = (
  statement: Statement<object, readonly Value[]>,
  rows: readonly object[],
  runner: StatementRunner,
) => Promise<void>;

/**
 * The seam for bad habits of an application in how it uses its connections, without the application's code knowing.
 * While none is set it costs nothing.
 */
@Injectable()
export class CallHabits {
  /** Milliseconds that each transaction stays open before its COMMIT; a statement outside one gets its own. */
  holdOpenMs?: number;
  afterStatement?: AfterStatement;
  /** Asked before a connection is given back. True: it is not, and belongs to the one who said so. */
  forgets?: (client: PooledConnection) => boolean;
}
