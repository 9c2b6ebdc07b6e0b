import { createServer } from 'node:http';
import pg from 'pg';

/** What everybody writes: a handler, a `pg.Pool` with the limits of the services, and nothing in front of it. */
const pool = new pg.Pool({
  host: process.env.DB_HOST,
  port: Number(process.env.DB_PORT),
  database: process.env.DB_NAME,
  user: process.env.DB_USER,
  password: process.env.DB_PASSWORD,
  application_name: 'plain-service',
  max: 100,
  min: 1,
  idleTimeoutMillis: 500,
  connectionTimeoutMillis: Number(process.env.DB_ACQUIRE_TIMEOUT_MS ?? 3_000),
  query_timeout: 3_000,
  keepAlive: true,
});
// Without a listener, a session that the server ends would end the process.
pool.on('error', () => undefined);

const SQL = 'SELECT id AS product_id, name, stock_quantity, pg_sleep($2)::text FROM products WHERE id = $1';

const server = createServer(async (_request, response) => {
  try {
    const { rows } = await pool.query(SQL, [5, Number(process.env.SLEEP_SECONDS ?? 0)]);
    response.end(JSON.stringify(rows));
  } catch (error) {
    response.statusCode = 503;
    response.end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as { port: number }).port });
});
process.once('disconnect', () => process.exit());
