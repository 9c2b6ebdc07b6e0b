import { createHash } from 'node:crypto';
import type { StatementSample } from '@app/diagnosis';
import type { Client } from 'pg';

const STATISTICS = `
  SELECT queryid::text AS id, sum(calls)::float8 AS calls, sum(total_exec_time) AS ms,
         sum(shared_blks_hit + shared_blks_read)::float8 AS blocks
  FROM pg_stat_statements(false)
  WHERE userid = (SELECT oid FROM pg_roles WHERE rolname = $1)
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
  GROUP BY queryid`;

const TEXTS = `
  SELECT DISTINCT queryid::text AS id, query FROM pg_stat_statements WHERE queryid::text = ANY ($1)`;

/** Number of statements whose texts are kept. */
const MOST_TEXTS = 2_000;

interface Statistics extends Omit<StatementSample, 'operation' | 'table'> {}

/**
 * What pg_stat_statements counts for the role of the services. The texts are in a file on the server, which it reads
 * from start to end, so they are queried only when a statement appears for the first time.
 */
export class StatementStatistics {
  /** What is known of the statement that has this number on the server. */
  private readonly known = new Map<string, Pick<StatementSample, 'id' | 'operation' | 'table'>>();
  private missing = false;

  constructor(
    private readonly client: Client,
    private readonly role: string,
  ) {}

  /** Undefined on a server without pg_stat_statements. */
  async statements(): Promise<StatementSample[] | undefined> {
    if (this.missing) return undefined;
    try {
      const query = { name: 'observer-statements', text: STATISTICS, values: [this.role] };
      const { rows } = await this.client.query<Statistics>(query);
      await this.learn(rows.map(({ id }) => id).filter((id) => !this.known.has(id)));
      return this.byText(rows);
    } catch (error) {
      // It does not exist, is not loaded, or is not allowed. Nothing that is diagnosed from sessions depends on it.
      if (!['42883', '42P01', '55000', '42501'].includes((error as { code?: string }).code ?? ''))
        throw error;
      this.missing = true;
      return undefined;
    }
  }

  /** The same text may have several numbers, for example for tables of the same name in two schemas. */
  private byText(rows: readonly Statistics[]): StatementSample[] {
    const statements = new Map<string, StatementSample>();
    for (const { id, calls, ms, blocks } of rows) {
      const known = this.known.get(id);
      if (!known) continue;
      const sofar = statements.get(known.id) ?? { ...known, calls: 0, ms: 0, blocks: 0 };
      statements.set(known.id, {
        ...known,
        calls: sofar.calls + calls,
        ms: sofar.ms + ms,
        blocks: sofar.blocks + blocks,
      });
    }
    return [...statements.values()];
  }

  private async learn(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    if (this.known.size > MOST_TEXTS) this.known.clear();
    const { rows } = await this.client.query<{ id: string; query: string }>(TEXTS, [ids]);
    for (const { id, query } of rows) this.known.set(id, { id: digest(query), ...kindOf(query) });
  }
}

/** Operation and first table of a statement, for comparison with those that the services report. */
export function kindOf(query: string): Pick<StatementSample, 'operation' | 'table'> {
  const text = query
    .replace(/--.*$/gm, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .trim();
  const [, operation = ''] = /^(\w+)/.exec(text) ?? [];
  const [, table = ''] = /\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?"?(?:\w+"?\."?)?(\w+)/i.exec(text) ?? [];
  return { operation: operation.toUpperCase(), table };
}

function digest(query: string): string {
  return createHash('sha256').update(query).digest('hex').slice(0, 16);
}
