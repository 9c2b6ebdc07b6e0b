import type { SpanAttributes } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';

/** Something that holds for every statement of this process while it is in force. */
export interface Condition {
  /** SQL that puts a connection under the condition. */
  apply: string;
  /** SQL that takes it off again. */
  lift: string;
  /** Milliseconds by which it lengthens a statement; the statement's timeout grows by them. */
  addedMs: number;
  /** What the span of each statement says of it. */
  attributes: SpanAttributes;
}

/**
 * The seam for those who want to influence statements without the statements knowing: a condition set here is
 * put on each connection when it is next used. While none is set it costs nothing.
 */
@Injectable()
export class SessionConditions {
  private readonly applied = new WeakMap<PoolClient, Condition>();
  /** The condition in force. */
  current?: Condition;

  /** Brings a connection under the condition in force: one round trip if it is not, nothing to wait for if it is. */
  prepare(client: PoolClient): Promise<void> | undefined {
    const before = this.applied.get(client);
    return before === this.current ? undefined : this.change(client, before);
  }

  private async change(client: PoolClient, before: Condition | undefined): Promise<void> {
    const wanted = this.current;
    await client.query(wanted ? wanted.apply : (before as Condition).lift);
    if (wanted) this.applied.set(client, wanted);
    else this.applied.delete(client);
  }
}
