import { SessionClient } from '@app/postgres-session';
import type { PoolClient } from 'pg';

/** What a column of a prepared statement is called, and how its text becomes a value. */
export interface Column {
  name: string;
  parse(text: string): unknown;
}

/** What pg's connection has and its type leaves out. */
interface Untyped {
  connection: { parsedStatements: Record<string, string | undefined> };
}

/** A connection of the pool, with all that this process knows of it. */
export class PooledConnection extends SessionClient {
  /** By pg-pool. */
  declare release: PoolClient['release'];
  /** `performance.now()` when it was opened; 0 before. */
  openedAt = 0;
  /** `performance.now()` when a caller got it; undefined while nobody has it. */
  acquiredAt?: number;
  /** The conditions that it was put under, and the SQL that takes them off again. */
  conditions?: { readonly lift: string };
  /** Whether a failure left it in a state that nobody knows. */
  broken = false;
  /** Columns of each statement that it has prepared, by the statement's name. */
  readonly columns = new Map<string, readonly Column[]>();

  /** Whether the server has parsed the statement of this name for it. */
  hasPrepared(name: string): boolean {
    return (this as unknown as Untyped).connection.parsedStatements[name] !== undefined;
  }

  /** Prepares all its statements anew when they are next run, for example since a table has other columns now. */
  forgetPrepared(): void {
    this.columns.clear();
    (this as unknown as Untyped).connection.parsedStatements = {};
  }

  /** Ends it without a goodbye, which would wait for a server that does not answer. */
  cutOff(): void {
    this.connection.stream.destroy();
  }
}
