import { CONTROL_LIMITS } from '@app/database';
import { Problem } from '@app/problem';
import { Injectable } from '@nestjs/common';
import type { Client, DatabaseError } from 'pg';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { controlClient } from '../database-watch/control-client';

/** Statements that can be prepared, and have a plan. */
const EXPLAINABLE = /^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|TABLE)\b/i;
/** Planning takes a lock on each table, which another session may hold. */
const LIMITS = { ...CONTROL_LIMITS, statement_timeout: '800ms', lock_timeout: '500ms' };
/** Characters of a plan that are shown. */
const MOST_CHARACTERS = 32_768;
const LATEST_STATEMENT = `
  SELECT query FROM pg_stat_activity WHERE pid = $1 AND datname = current_database()`;
const PARAMETERS = `
  SELECT cardinality(parameter_types)::int AS parameters FROM pg_prepared_statements WHERE name = 'explained'`;

/** A plan in the text of EXPLAIN, with the time that PostgreSQL took to answer. */
export interface PlanView {
  lines: string[];
  /** Whether the plan is longer than what is shown. */
  cut: boolean;
  ms: number;
}

/** Asks PostgreSQL for plans, one at a time, each on a connection that is closed afterwards and may change nothing. */
@Injectable()
export class PlanReader {
  private before: Promise<unknown> = Promise.resolve();

  constructor(private readonly configuration: ConsoleConfiguration) {}

  /** @throws Problem with the reason if there is no plan */
  plan(statement: string): Promise<PlanView> {
    return this.inTurn(async () => statement);
  }

  /**
   * A plan for the latest statement of a session.
   *
   * @throws Problem with the reason if there is no plan
   */
  planOfSession(pid: number): Promise<PlanView> {
    return this.inTurn(async (client) => {
      const [session] = (await client.query<{ query: string }>(LATEST_STATEMENT, [pid])).rows;
      if (!session) throw new Problem('not-found', `The database has no session ${pid} now.`);
      return session.query;
    });
  }

  private inTurn(statementOf: (client: Client) => Promise<string>): Promise<PlanView> {
    const plan = this.before.then(() => this.ask(statementOf));
    this.before = plan.catch(() => undefined);
    return plan;
  }

  private async ask(statementOf: (client: Client) => Promise<string>): Promise<PlanView> {
    const client = controlClient(this.configuration, 'load-demo-console-explain', LIMITS);
    try {
      await client.connect();
      const statement = await statementOf(client);
      if (!EXPLAINABLE.test(statement))
        throw new Problem('invalid-request', 'PostgreSQL has no plan for a statement of this kind.');
      const started = performance.now();
      await client.query('BEGIN READ ONLY; SET LOCAL plan_cache_mode TO force_generic_plan');
      // The extended protocol accepts one statement and no second one behind it.
      const query = { text: `PREPARE explained AS ${statement}`, queryMode: 'extended' };
      await client.query(query);
      const [prepared] = (await client.query<{ parameters: number }>(PARAMETERS)).rows;
      const nulls = Array.from({ length: prepared?.parameters ?? 0 }, () => 'NULL').join(', ');
      // A generic plan is made without the values.
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (VERBOSE) EXECUTE explained${nulls && `(${nulls})`}`,
      );
      return planView(
        rows.map((row) => row['QUERY PLAN']),
        performance.now() - started,
      );
    } catch (error) {
      throw error instanceof Problem ? error : reason(error as DatabaseError);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function planView(lines: string[], ms: number): PlanView {
  const text = lines.join('\n');
  return { lines: text.slice(0, MOST_CHARACTERS).split('\n'), cut: text.length > MOST_CHARACTERS, ms };
}

function reason({ code = '', message }: DatabaseError): Problem {
  if (code === '42501')
    return new Problem(
      'forbidden',
      `PostgreSQL explains to a role what it may run itself, and the console's may only read: ${message}.`,
    );
  if (code === '57014' || code === '55P03')
    return new Problem('not-ready', 'PostgreSQL could not plan it in time: a table of it is locked.');
  if (/^(22|42)/.test(code)) return new Problem('invalid-request', `PostgreSQL cannot plan it: ${message}.`);
  return new Problem('not-ready', `PostgreSQL could not be asked: ${message}.`);
}
