import { Configuration } from '@app/configuration';
import type { SpanAttributes } from '@app/telemetry';
import { Injectable } from '@nestjs/common';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { SERVICE_LIMITS } from '../budget/role-limits';
import type { PooledConnection } from '../queue/pooled-connection';

/** Something that holds for every statement of this process while it is in force. */
export interface Condition {
  /** Schema whose views take precedence over the tables. */
  schema?: string;
  /** Settings of PostgreSQL, by name. */
  settings?: Readonly<Record<string, string>>;
  /** Milliseconds by which it lengthens a statement; the statement's timeout grows by them. */
  addedMs?: number;
  /** Attributes of it for the span of each statement. */
  attributes?: SpanAttributes;
}

/** All conditions in force at once, ready to be used. */
interface InForce {
  /** SQL that applies them to a connection, and that removes them again. */
  apply: string;
  lift: string;
  addedMs: number;
  attributes: SpanAttributes;
}

/**
 * The seam for code that influences statements without their knowing: a condition put here is applied to each
 * connection when it is next used. While none is in force, it costs nothing.
 */
@Injectable()
export class SessionConditions {
  private readonly conditions = new Map<string, Condition>();
  /** What is in force now; undefined while nothing is. */
  current?: InForce;

  constructor(private readonly configuration: Configuration) {}

  /** Puts a condition in force, beside those of other names; undefined removes it. */
  put(name: string, condition: Condition | undefined): void {
    if (condition) this.conditions.set(name, condition);
    else this.conditions.delete(name);
    this.current = this.conditions.size > 0 ? combined([...this.conditions.values()]) : undefined;
  }

  /** Applies what is in force to a connection: in one round trip if it is not applied yet, without any wait if it is. */
  prepare(client: PooledConnection): Promise<void> | undefined {
    return client.conditions === this.current ? undefined : this.change(client);
  }

  private async change(client: PooledConnection): Promise<void> {
    const wanted = this.current;
    // PostgreSQL's own limit grows with the delay; a condition that sets another limit overrides it.
    const limitMs = this.configuration.DB_STATEMENT_TIMEOUT_MS + (wanted?.addedMs ?? 0);
    const limit = `SET statement_timeout = ${limitMs}`;
    await client.query([client.conditions?.lift, limit, wanted?.apply].filter(Boolean).join('; '));
    client.conditions = wanted;
  }
}

function combined(conditions: readonly Condition[]): InForce {
  const schemas = conditions.flatMap(({ schema }) => schema ?? []);
  const settings = Object.entries(Object.assign({}, ...conditions.map((one) => one.settings)) as object);
  const path = `SET search_path = ${[...schemas, 'public'].map(escapeIdentifier).join(', ')}`;
  const search = schemas.length > 0;
  return {
    apply: [...(search ? [path] : []), ...settings.map(([name, value]) => set(name, String(value)))].join(
      '; ',
    ),
    lift: [...(search ? ['SET search_path = public'] : []), ...settings.map(([name]) => usual(name))].join(
      '; ',
    ),
    addedMs: conditions.reduce((sum, { addedMs = 0 }) => sum + addedMs, 0),
    attributes: Object.freeze(Object.assign({}, ...conditions.map(({ attributes }) => attributes))),
  };
}

function set(name: string, value: string): string {
  return `SET ${name} = ${escapeLiteral(value)}`;
}

/** The setting as it was when the session was opened. */
function usual(name: string): string {
  const limit = SERVICE_LIMITS[name];
  return limit === undefined ? `RESET ${name}` : set(name, limit);
}
