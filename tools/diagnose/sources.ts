import { setTimeout } from 'node:timers/promises';
import { type Diagnosis, Diagnostician } from '@app/diagnosis';
import { Observer, sampleOf } from '@app/observer';
import { Client } from 'pg';
import { reason } from '../database-login';
import type { DiagnoseArguments } from './diagnose-arguments';

const POLL_EVERY_MS = 500;
const TIMEOUT_MS = 3_000;
/** Number of observations before a single answer: the window of now, and a margin. */
const ENOUGH_POLLS = 10;
/** Connections of the services together, if the server does not limit their role. */
const BUDGET = 100;

/** What is wrong, again and again. @throws if that cannot be determined */
export type Source = AsyncGenerator<Diagnosis>;

/** As the console reports it. */
export async function* fromConsole({ console }: DiagnoseArguments): Source {
  for (;;) {
    yield await ask(console);
    await setTimeout(POLL_EVERY_MS);
  }
}

/** From its own observations. The state at rest is known only after a calm time: until then, nothing is called slower. */
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
    for (let polls = 1; ; polls++) {
      const due = performance.now() + POLL_EVERY_MS;
      const observation = await observer.observe(polls % 2 === 1);
      // A server that never answered may not exist, which is not a failure of it.
      if (observation.trouble && polls === 1)
        throw new Error(`PostgreSQL cannot be asked: ${observation.trouble.message}`);
      const diagnosis = diagnostician.take(sampleOf(observation));
      if (polls >= ENOUGH_POLLS) yield diagnosis;
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
