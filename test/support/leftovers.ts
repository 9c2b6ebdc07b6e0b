import type { System } from './system';

/** What no fault may leave behind in PostgreSQL: open transactions, waits, sessions, prepared transactions, locks. */
export function leftovers(system: System): Promise<Record<string, unknown>[]> {
  return system.sql(`
    SELECT pid, usename, application_name, state, query FROM pg_stat_activity
    WHERE usename IN ('dbadmin', 'dbcontrol', 'dbneighbour') AND backend_type = 'client backend'
      AND (xact_start < clock_timestamp() - interval '1 s' OR wait_event_type = 'Lock'
           OR application_name !~ '@' OR usename = 'dbneighbour')
    UNION ALL
    SELECT 0, owner, gid, 'prepared', '' FROM pg_prepared_xacts
    UNION ALL
    SELECT pid, mode, locktype, 'lock', '' FROM pg_locks
    WHERE NOT granted OR (locktype = 'advisory' AND classid = 4242)`);
}

/** All data but the stock, which requests change: as a digest, to be compared. */
export async function digestOfData(system: System): Promise<Record<string, unknown> | undefined> {
  const [digest] = await system.sql(
    `SELECT md5(string_agg(md5(ROW (id, name, category, price, description)::text), '' ORDER BY id)) AS products,
            (SELECT count(*) FROM orders) AS orders,
            (SELECT string_agg(setdatabase::text || setrole::text || setconfig::text, ',' ORDER BY setdatabase, setrole)
             FROM pg_db_role_setting) AS settings
     FROM products`,
  );
  return digest;
}

/** Pieces of all products together. */
export async function stockOf(system: System): Promise<number> {
  return Number((await system.sql('SELECT sum(stock_quantity) FROM products'))[0]?.sum);
}
