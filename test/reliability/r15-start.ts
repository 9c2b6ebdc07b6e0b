import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setUpDatabase } from '@app/database';
import { Client } from 'pg';
import { CHECKOUT } from '../../tools/places';
import { eventually } from '../support/eventually';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { isSuccess, usualRequest } from '../support/usual-request';
import { distinct, exactly } from './figures';
import type { Figure, Row, Run } from './row';

const SET_UPS = 20;
/** A machine with two cores starts some thirty processes at once. */
const STARTED_MS = 120_000;

export const START: Row = {
  id: 'R15',
  claim: 'Set-ups and services that start at once on an empty server make one schema, and none of them fails',
  byTime: false,
  async measure(run) {
    const system = await System.start({ setUp: false });
    try {
      return await startAtOnce(system, run);
    } finally {
      await system.stop();
    }
  },
};

async function startAtOnce(system: System, { full, progress }: Run): Promise<Figure[]> {
  const replicas = full ? 4 : 1;
  const names = (['product', 'inventory', 'order'] as const).flatMap((name) => Array(replicas).fill(name));
  progress(`${SET_UPS} set-ups and ${names.length} services`);
  const setUps = Promise.allSettled(Array.from({ length: SET_UPS }, () => setUp(system, full)));
  const started = await Promise.allSettled(names.map((name) => system.service(name)));
  const failedSetUps = failures(await setUps);
  const services = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  progress('requests to each service');
  const serving = await Promise.all(services.map(serves));
  const rows = await contents(system);
  return [
    exactly(`set-ups that failed, of ${SET_UPS}`, distinct(failedSetUps), 'none'),
    exactly(`services that failed, of ${names.length}`, distinct(failures(started)), 'none'),
    exactly('services that serve afterwards', serving.filter(Boolean).length, names.length),
    exactly('migrations in the list', rows.migrations, migrations()),
    exactly('demo products, different ones', `${rows.products}, ${rows.names}`, '24, 24'),
    exactly('demo orders', rows.orders, 10),
  ];
}

/** In the full form, each set-up is a separate process, like the job of the chart. */
async function setUp({ settings }: System, asProcess: boolean): Promise<void> {
  if (!asProcess) return setUpDatabase(settings, () => undefined);
  await promisify(execFile)(process.execPath, [join(CHECKOUT, 'dist/database-setup.js')], {
    env: {
      PATH: process.env.PATH,
      DB_HOST: settings.host,
      DB_PORT: String(settings.port),
      DB_ADMIN_USER: settings.adminUser,
      DB_ADMIN_PASSWORD: settings.adminPassword,
      DB_PASSWORD: settings.password,
      DB_CONTROL_PASSWORD: settings.controlPassword,
    },
  });
}

function failures(outcomes: PromiseSettledResult<unknown>[]): string[] {
  return outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [String(outcome.reason).split('\n')[0] ?? ''] : [],
  );
}

/** Whether a service is ready and answers. Only reads: what is counted afterwards are the demo rows. */
async function serves(service: RunningService): Promise<boolean> {
  return eventually(async () => {
    const answers = [await service.get('/health/ready'), await usualRequest(service, 0)];
    if (!answers.every(({ status }) => isSuccess(status))) throw new Error(`${service.name} does not serve`);
    return true;
  }, STARTED_MS).catch(() => false);
}

async function contents({ settings }: System) {
  const { host, port, database, adminUser: user, adminPassword: password } = settings;
  const client = new Client({ host, port, database, user, password });
  await client.connect();
  try {
    const { rows } = await client.query<Record<'products' | 'names' | 'orders' | 'migrations', number>>(
      `SELECT (SELECT count(*)::int FROM products) AS products,
              (SELECT count(DISTINCT name)::int FROM products) AS names,
              (SELECT count(*)::int FROM orders) AS orders,
              (SELECT count(*)::int FROM migrations) AS migrations`,
    );
    return rows[0] ?? { products: 0, names: 0, orders: 0, migrations: 0 };
  } finally {
    await client.end();
  }
}

function migrations(): number {
  return readdirSync(join(CHECKOUT, 'libs/database/migrations')).length;
}
