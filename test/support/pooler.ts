import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SetUpSettings } from '@app/database';
import { eventually } from './eventually';
import { freePort } from './system';

/** The program of PgBouncer. */
const PROGRAM = process.env.PGBOUNCER ?? 'pgbouncer';
/** Account "nobody", because PgBouncer does not run as root. */
const NOBODY_UID = 65_534;

/** Whether PgBouncer is installed; PGBOUNCER may name its program. */
export const POOLER_INSTALLED = spawnSync(PROGRAM, ['--version']).status === 0;

export type PoolMode = 'session' | 'transaction';

/** A real PgBouncer in front of PostgreSQL; the control role has sessions of its own through it. */
export async function startPooler(database: SetUpSettings, mode: PoolMode) {
  const folder = mkdtempSync(join(tmpdir(), 'load-demo-pooler-'));
  const port = await freePort();
  const { host, port: server, user, password, controlUser, controlPassword } = database;
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${user}" "${password}"\n"${controlUser}" "${controlPassword}"\n`);
  const settings = join(folder, 'pgbouncer.ini');
  writeFileSync(
    settings,
    `[databases]
* = host=${host} port=${server}
[users]
${controlUser} = pool_mode=session
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = 20
max_client_conn = 500
`,
  );
  for (const path of [folder, users, settings]) chmodSync(path, 0o755);
  const account = process.getuid?.() === 0 ? { uid: NOBODY_UID, gid: NOBODY_UID } : {};
  const child = spawn(PROGRAM, [settings], { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  child.stderr.on('data', (chunk) => lines.push(String(chunk)));
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${lines.join('')}`);
    await accepts(port);
  });
  return {
    /** The variables that make a service connect through it. */
    environment: { DB_HOST: '127.0.0.1', DB_PORT: String(port) },
    async stop(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
