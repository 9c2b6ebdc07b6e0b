import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Database, PRODUCTS } from './database.ts';

const SECONDS = 2;

/** Prepared SELECTs per second that the database answers without us; undefined if pgbench is not installed. */
export async function pgbench({ environment, folder }: Database): Promise<number | undefined> {
  const script = join(folder, 'check.sql');
  await writeFile(
    script,
    `\\set id random(1, ${PRODUCTS})\nSELECT id AS product_id, name, stock_quantity FROM products WHERE id = :id;\n`,
  );
  const { DB_HOST = '', DB_PORT = '', DB_USER = '', DB_NAME = '', DB_PASSWORD } = environment;
  const how = ['-n', '-M', 'prepared', '-c', '8', '-T', String(SECONDS), '-f', script];
  const where = ['-h', DB_HOST, '-p', DB_PORT, '-U', DB_USER, DB_NAME];
  const env = { ...process.env, PGPASSWORD: DB_PASSWORD };
  try {
    const { stdout } = await promisify(execFile)('pgbench', [...how, ...where], { env });
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
