import { setTimeout } from 'node:timers/promises';
import { type Diagnosis, Diagnostician } from '@app/diagnosis';
import { Observer, sampleOf } from '@app/observer';
import { Client } from 'pg';
import { reason } from '../database-login';
import type { DiagnoseArguments } from './diagnose-arguments';

const LOOK_EVERY_MS = 500;
const TIMEOUT_MS = 3_000;
/** Looks after which a single answer is given: the window of now, and a little. */
const ENOUGH_LOOKS = 10;
/** Connections of the services together, where the server sets their role no limit. */
const BUDGET = 100;

/** What is wrong, again and again. @throws where it cannot be told */
export type Source = AsyncGenerator<Diagnosis>;

/** As the console tells it. */
export async function* fromConsole({ console }: DiagnoseArguments): Source {
  for (;;) {
    yield await ask(console);
    await setTimeout(LOOK_EVERY_MS);
  }
}

/** By looks of its own. What is at rest is known only after a calm time: until then nothing is called slower. */
export async function* fromDatabase({ database, role, services }: DiagnoseArguments): Source {
  const metrics = Object.entries(services).map(([service, base]) => [
    service,
    `${base.replace(/\/+$/, '')}/metrics`,
  ]);
  const observer = new Observer(
    {
      database: () => client(database),
      metrics: Object.fromEntries(metrics),
      ignoredRoutes: ['/demo', '/health', '/metrics'],
    },
    role,
  );
  const controlRole = URL.parse(database ?? '')?.username ?? '';
  const diagnostician = new Diagnostician({ role, controlRole, budget: BUDGET });
  try {
    for (let looks = 1; ; looks++) {
      const due = performance.now() + LOOK_EVERY_MS;
      const look = await observer.observe(looks % 2 === 1);
      // What was never there is no failure of it.
      if (look.trouble && looks === 1) throw new Error(`PostgreSQL cannot be asked: ${look.trouble.message}`);
      const diagnosis = diagnostician.take(sampleOf(look));
      if (looks >= ENOUGH_LOOKS) yield diagnosis;
      await setTimeout(Math.max(0, due - performance.now()));
    }
  } finally {
    await observer.end();
  }
}

async function ask(console: string): Promise<Diagnosis> {
  const address = new URL('/api/diagnosis', console);
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as Diagnosis;
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    throw new Error(
      `the console at ${console} does not answer: ${reason(cause)}. Is it running (npm start)? Without a console, use --db.`,
    );
  }
}

function client(connectionString: string | undefined): Client {
  return new Client({
    connectionString,
    application_name: 'load-demo-diagnose',
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
}
