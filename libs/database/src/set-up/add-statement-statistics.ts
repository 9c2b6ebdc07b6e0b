import type { Client } from 'pg';
import type { Log } from './set-up-settings';

/** pg_stat_statements, where the server loads it: a good thing to look at in a demo, and nothing depends on it. */
export async function addStatementStatistics(owner: Client, log: Log): Promise<void> {
  const { rows } = await owner.query<{ loaded: boolean }>(
    "SELECT current_setting('pg_stat_statements.max', true) IS NOT NULL AS loaded",
  );
  if (!rows[0]?.loaded) return;
  await owner.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements').catch((error: Error) => {
    log(`pg_stat_statements is not there: ${error.message}`);
  });
}
