import type { ControlConnection } from '@app/database';

/** Transactions that PostgreSQL has rolled back in this database; a statement by itself is one too. */
export async function rollbacks(control: ControlConnection): Promise<number> {
  const [row] = await control.ask<{ rollbacks: number }>(
    'SELECT xact_rollback::int AS rollbacks FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.rollbacks ?? 0;
}
