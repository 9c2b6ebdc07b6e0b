import type { Client } from 'pg';
import type { Log } from './set-up-settings';

/** Adds pg_stat_statements if the server loads it: it is good to show in a demo, and nothing depends on it. */
export async function addStatementStatistics(owner: Client, log: Log): Promise<void> {
  const { rows } = await owner.query<{ loaded: boolean }>(
    "SELECT current_setting('pg_stat_statements.max', true) IS NOT NULL AS loaded",
  );
  if (!rows[0]?.loaded) return;
  await owner.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements').catch((error: Error) => {
    log(`pg_stat_statements is not there: ${error.message}`);
  });
}
