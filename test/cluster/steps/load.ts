import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../chart/support/places.ts';
import type { Step, Surroundings } from '../support/suite.ts';

const RATE = 200;
const SECONDS = 60;
/** New sessions a second that all pods together may open: more would be a storm of connections. */
const MOST_SESSIONS = 2;

export const LOAD: Step[] = [
  { title: `Three replicas of each serve ${RATE}/s for ${SECONDS} s`, run: threeReplicas },
];

async function threeReplicas({ release, helm4, addresses }: Surroundings): Promise<string> {
  await release.apply(helm4, 'upgrade', 'replicaCount=3');
  const urls = await Promise.all(
    (['product', 'inventory', 'order'] as const).map(async (key) => [
      `--${key}`,
      await addresses.of(release, `${key}-service`),
    ]),
  );
  const load = ['--rate', String(RATE), '--duration', `${SECONDS}s`, '--json', ...urls.flat()];
  const before = await sessions(release);
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'dist/load.js'), ...load]);
  const opened = (await sessions(release)) - before;
  const { dropped, operations } = JSON.parse(stdout) as {
    dropped: number;
    operations: Record<string, number>[];
  };
  const sum = (key: string) => operations.reduce((total, operation) => total + (operation[key] ?? 0), 0);
  const slowest = Math.max(...operations.map(({ p99_ms = 0 }) => p99_ms));
  const perSecond = opened / SECONDS;
  const measured =
    `${sum('sent')} sent, ${sum('failed')} failed, ${sum('unavailable')} answered 503, ${dropped} dropped; ` +
    `${perSecond.toFixed(2)} new sessions a second, slowest p99 ${slowest} ms, ${await release.restarts()} restarts`;
  if (sum('failed') + sum('unavailable') + dropped > 0 || perSecond > MOST_SESSIONS)
    throw new Error(measured);
  return measured;
}

/** Sessions that PostgreSQL has begun for the database so far. */
async function sessions(release: Surroundings['release']): Promise<number> {
  return Number(await release.sql("SELECT sessions FROM pg_stat_database WHERE datname = 'productcatalog'"));
}
