import pg from 'pg';

/**
 * pg's own pool, as large as the services' may become; it keeps its connections while other variants have their turn.
 */
export const pool = new pg.Pool({
  host: process.env.DB_HOST,
  port: Number(process.env.DB_PORT),
  database: process.env.DB_NAME,
  user: process.env.DB_USER,
  password: process.env.DB_PASSWORD,
  max: 100,
  idleTimeoutMillis: Number(process.env.POOL_IDLE_MS ?? 60_000),
  connectionTimeoutMillis: Number(process.env.POOL_CONNECT_MS ?? 0),
});
