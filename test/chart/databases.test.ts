import assert from 'node:assert/strict';
import { execFile, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { variables } from './support/container.ts';
import { Database } from './support/database.ts';
import { HELM_3 } from './support/helm.ts';
import {
  type Container,
  containers,
  find,
  type Manifest,
  manifests,
  podTemplate,
} from './support/manifests.ts';
import { CHART, ROOT } from './support/places.ts';

const SUPERUSER_PASSWORD = 'superuser-password';
const PASSWORDS = { password: 'dbadmin-password', 'control-password': 'dbcontrol-password' };

/** A values file of helm/databases, and what its surroundings provide: Secrets, and roles if others create them. */
interface Kind {
  readonly name: string;
  readonly secrets: Record<string, Record<string, string>>;
  /** Statements that a superuser ran beforehand. */
  readonly prepare: readonly string[];
}

const KINDS: Kind[] = [
  {
    name: 'cloudnative-pg',
    // Its operator makes this Secret; the chart makes the one of the two roles.
    secrets: { 'pg-superuser': { password: SUPERUSER_PASSWORD } },
    prepare: [],
  },
  {
    name: 'managed',
    secrets: { 'demo-managed': { ...PASSWORDS, 'admin-password': 'owner-password' } },
    // It may not add an extension either.
    prepare: ["CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD 'owner-password'"],
  },
  {
    name: 'prepared-roles',
    secrets: { 'demo-prepared': { ...PASSWORDS, 'admin-password': 'shop-password' } },
    prepare: [
      "CREATE ROLE dbadmin LOGIN PASSWORD 'dbadmin-password' CONNECTION LIMIT 100",
      "CREATE ROLE dbcontrol LOGIN PASSWORD 'dbcontrol-password'",
      'GRANT pg_monitor, pg_use_reserved_connections TO dbcontrol',
      "CREATE ROLE shop LOGIN PASSWORD 'shop-password'",
      'CREATE DATABASE productcatalog OWNER shop',
    ],
  },
];

/** Sessions of both roles by whether they are encrypted: 95 held and the control connection. */
const ENCRYPTION = `SELECT count(*) FILTER (WHERE ssl)::int AS encrypted, count(*) FILTER (WHERE NOT ssl)::int AS open
  FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename IN ('dbadmin', 'dbcontrol')`;

/** A self-signed certificate for 127.0.0.1, readable by the account that runs PostgreSQL. */
class Certificate {
  readonly folder = mkdtempSync(join(tmpdir(), 'chart-certificate-'));
  readonly file = join(this.folder, 'server.crt');
  private readonly key = join(this.folder, 'server.key');

  constructor() {
    const subject = ['-subj', '/CN=database', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', this.key, '-out', this.file];
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
    chmodSync(this.folder, 0o711);
    const owner = process.getuid?.() === 0 ? Number(execFileSync('id', ['-u', 'postgres'])) : undefined;
    if (owner !== undefined) chownSync(this.key, owner, owner);
    chmodSync(this.key, 0o600);
  }

  get flags(): string[] {
    return ['ssl=on', `ssl_cert_file=${this.file}`, `ssl_key_file=${this.key}`].flatMap((one) => ['-c', one]);
  }
}

describe('a PostgreSQL of your own', () => {
  let certificate: Certificate;
  before(() => {
    certificate = new Certificate();
  });
  after(() => rmSync(certificate.folder, { recursive: true }));

  for (const { name, secrets, prepare } of KINDS) {
    it(`is explained with helm/databases/${name}.yaml as it is`, () => {
      const file = readFileSync(join(CHART, 'databases', `${name}.yaml`), 'utf8');
      assert.ok(readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8').includes(file));
    });

    it(`is set up and used with helm/databases/${name}.yaml`, async () => {
      const all = manifests(await HELM_3.render(['--values', join(CHART, 'databases', `${name}.yaml`)]));
      const database = await Database.start(certificate.flags, SUPERUSER_PASSWORD);
      const address = { DB_HOST: '127.0.0.1', DB_PORT: String(database.port) };
      const environment = (one: Container, trusted = certificate.file): Record<string, string> => {
        const given = variables(withSecrets(all, secrets), one);
        return { ...given, ...address, ...(given.NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: trusted }) };
      };
      try {
        for (const statement of prepare) await database.sql(statement, 'postgres');
        const job = containerOf(all.find(({ kind }) => kind === 'Job'));
        if (environment(job).DB_SSL === 'verify-full')
          await assert.rejects(setUp({ ...environment(job, ''), DB_SETUP_WAIT_SECONDS: '0' }), /certificate/);
        await setUp({ ...environment(job), DB_SETUP_WAIT_SECONDS: '20' });
        const service = containerOf(find(all, 'Deployment', 'demo-inventory-service'));
        await running(environment(service), async (url) => {
          const answer = await fetch(`${url}/demo/simulate-pool-exhaustion`, { method: 'POST' });
          assert.match(((await answer.json()) as { detail: string }).detail, /^asked 95, holding 95/);
          assert.deepEqual(await database.sql(ENCRYPTION), [{ encrypted: 96, open: 0 }]);
        });
      } finally {
        await database.stop();
      }
    });
  }
});

function containerOf(manifest: Manifest | undefined): Container {
  const pod = manifest && podTemplate(manifest)?.spec;
  const [first] = pod ? containers(pod) : [];
  assert.ok(first);
  return first;
}

/** The rendered objects, together with Secrets that others made. */
function withSecrets(all: readonly Manifest[], secrets: Record<string, Record<string, string>>): Manifest[] {
  const made = Object.entries(secrets).map(([name, values]) => {
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      data: Object.fromEntries(data),
    } as Manifest;
  });
  return [...all, ...made];
}

async function setUp(env: Record<string, string>): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'dist/database-setup.js')], { env });
}

/** Starts a service, and stops it after the work. */
async function running(env: Record<string, string>, work: (url: string) => Promise<void>): Promise<void> {
  const child = fork(join(ROOT, 'dist/inventory.js'), {
    env: { ...env, PORT: '0', LISTEN_ADDRESS: '127.0.0.1', LOG_LEVEL: 'error' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  try {
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    await work(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
