import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CHECKOUT } from '../../../tools/places';
import type { AppName } from '../running-service';
import type { System } from '../system';

/** Processes of one kind that answer reads: the services, or programs with a plain `pg.Pool`. */
export interface Fleet {
  readonly kind: 'services' | 'plain pool';
  /** One read, sent to the processes in turn; returns the status of its answer. */
  read(turn: number): Promise<{ status: number }>;
  stop(): Promise<void>;
}

const SERVICES: AppName[] = ['product', 'inventory', 'order'];
const READS: Record<string, string> = {
  product: '/products/5',
  inventory: '/inventory/check/5',
  order: '/orders/popular-products?limit=1',
};

/** @param sleepMs milliseconds that are added to each statement, in PostgreSQL */
export async function services(
  system: System,
  processes: number,
  sleepMs: number,
  environment: Record<string, string>,
): Promise<Fleet> {
  const names = SERVICES.slice(0, Math.min(processes, SERVICES.length));
  const running = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      system.service(names[index % names.length] as AppName, environment),
    ),
  );
  if (sleepMs > 0)
    for (const service of running.slice(0, names.length))
      await service.post('/demo/enable-slow-queries', { delay_ms: sleepMs });
  return {
    kind: 'services',
    read: (turn) => {
      const service = running[turn % running.length] as (typeof running)[number];
      return service.get(READS[service.name] as string);
    },
    stop: async () => {
      if (sleepMs > 0)
        await Promise.all(running.map((service) => service.post('/demo/reset').catch(() => undefined)));
      await Promise.all(running.map((service) => service.stop('SIGKILL')));
    },
  };
}

/** @param sleepMs milliseconds that are added to each statement, in PostgreSQL */
export async function plainPools(
  system: System,
  processes: number,
  sleepMs: number,
  environment: Record<string, string>,
): Promise<Fleet> {
  const { host, port, database, user, password } = system.settings;
  const started = await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(join(CHECKOUT, 'test/support/surroundings/plain-service.mts'), {
        env: {
          PATH: process.env.PATH,
          DB_HOST: host,
          DB_PORT: String(port),
          DB_NAME: database,
          DB_USER: user,
          DB_PASSWORD: password,
          SLEEP_SECONDS: String(sleepMs / 1_000),
          ...environment,
        },
        execArgv: [],
      });
      const [greeting] = (await once(child, 'message')) as [{ port: number }];
      return { child, url: `http://127.0.0.1:${greeting.port}/` };
    }),
  );
  return {
    kind: 'plain pool',
    read: async (turn) => {
      const response = await fetch((started[turn % started.length] as (typeof started)[number]).url);
      await response.text();
      return response;
    },
    stop: async () => {
      await Promise.all(
        started.map(({ child }) => {
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          return ended;
        }),
      );
    },
  };
}
