import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@app/embedded-postgres';
import { freePort } from './support/system';

const AS_ROOT = process.getuid?.() === 0;
/** The number of an account that has no name on any machine. */
const NAMELESS = 54_321;

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let other: ChildProcess | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-demo-embedded-'));
    await chmod(folder, 0o711);
  });
  afterAll(() => {
    other?.kill();
    return rm(folder, { recursive: true, force: true });
  });

  it('starts although an unrelated program has the pid of a server that was killed', async () => {
    const dataDir = join(folder, 'postgres');
    const options = { dataDir, port: await freePort(), password: 'p', flags: ['-c', 'fsync=off'] };
    const first = await startPostgres(options);
    await first.stop();
    // The account is PostgreSQL's own, because PostgreSQL already ignores another account's process.
    const { uid, gid } = statSync(dataDir);
    other = spawn('sleep', ['100'], AS_ROOT ? { uid, gid } : {});
    const lock = join(dataDir, 'postmaster.pid');
    writeFileSync(lock, `${other.pid}\n${dataDir}\n1700000000\n${options.port}\n\n127.0.0.1\n`, {
      mode: 0o600,
    });
    chownSync(lock, uid, gid);
    const second = await startPostgres(options);
    await second.stop('immediate');
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });

  (AS_ROOT ? it : it.skip)('says what to do for an account without a name', async () => {
    const own = await mkdtemp(join(tmpdir(), 'load-demo-nameless-'));
    await chown(own, NAMELESS, NAMELESS);
    const { status, stderr } = spawnSync(process.execPath, [join(__dirname, '../dist/start.js')], {
      uid: NAMELESS,
      gid: NAMELESS,
      env: { PATH: process.env.PATH, DATA_DIR: join(own, 'data') },
      encoding: 'utf8',
    });
    await rm(own, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toContain(`echo 'demo:x:${NAMELESS}:${NAMELESS}::/tmp:/bin/sh' >> /etc/passwd`);
  });

  it('says what to do when npm ci skipped the install scripts, on whatever Node.js the system has', () => {
    const tool = join(__dirname, '../tools/require-node.mjs');
    // The version that an older Node.js reports, since a machine need not have one.
    const program = `Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } }); import(${JSON.stringify(tool)});`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^This runs on Node\.js 20\.19\.0, and needs 24\.9 .* without --ignore-scripts/);
  });
});
