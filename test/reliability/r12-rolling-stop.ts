import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Random } from '@app/load';
import type { RunningService } from '../support/running-service';
import { ServiceAddress, ServiceClient } from '../support/service-address';
import { freePort, System } from '../support/system';
import { exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

/** Half of the users keep a connection, and half open one for each request. */
const USERS = 20;
const PAUSE_MS = 20;
/** Milliseconds that a busy machine may add. */
const ROOM_MS = 3_000;

/** Where the replicas send their telemetry, and within how many milliseconds one of them ends. */
const BACKENDS = [
  { name: 'no telemetry', limitMs: 5_000 },
  { name: 'a telemetry backend that refuses', limitMs: 8_000 },
  { name: 'a telemetry backend that never answers', limitMs: 8_000 },
] as const;

/** R12: two replicas are replaced one after the other while they are used. */
export const ROLLING_STOP: Row = {
  id: 'R12',
  claim: 'Replicas are replaced under load without a failed request, and each ends in time',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    try {
      await listening(silent);
      return await replacements(new Deployment(system, silent), run);
    } finally {
      silent.close();
      await system.stop();
    }
  },
};

/** inventory-service with two replicas behind one address. */
class Deployment {
  readonly address = new ServiceAddress();
  private readonly replicas: RunningService[] = [];

  constructor(
    private readonly system: System,
    private readonly silent: Server,
  ) {}

  async start(backend: (typeof BACKENDS)[number]['name']): Promise<void> {
    const port = await this.backendPort(backend);
    const telemetry = port && {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    };
    const replica = await this.system.service('inventory', { SHUTDOWN_DRAIN_MS: '500', ...telemetry });
    await this.address.add(replica);
    this.replicas.push(replica);
  }

  /** Stops the replica that has run longest, and resolves with its exit code and the milliseconds that it took. */
  async stopOldest(): Promise<{ code: number | string; ms: number }> {
    const stopped = performance.now();
    const code = (await this.replicas.shift()?.stop()) ?? 'none runs';
    return { code, ms: performance.now() - stopped };
  }

  /** The replica that has run longest. */
  get oldest(): RunningService {
    return this.replicas[0] as RunningService;
  }

  private async backendPort(backend: string): Promise<number | undefined> {
    if (backend === 'no telemetry') return undefined;
    if (backend.endsWith('refuses')) return freePort();
    return (this.silent.address() as { port: number }).port;
  }
}

async function replacements(deployment: Deployment, { full, random, progress }: Run): Promise<Figure[]> {
  const kinds = full ? Array.from({ length: 4 }, () => BACKENDS).flat() : [BACKENDS[0], BACKENDS[2]];
  const slowest = new Map<string, number>();
  const codes = new Set<number | string>();
  await deployment.start(kinds[0]?.name ?? 'no telemetry');
  const users = new Users(deployment.address, random);
  for (const [index, { name }] of kinds.entries()) {
    progress(`replica ${index + 1} of ${kinds.length} is replaced, ${users.answered} requests answered`);
    // The new one starts first, as in a Deployment.
    await deployment.start(kinds[index + 1]?.name ?? 'no telemetry');
    const { code, ms } = await deployment.stopOldest();
    codes.add(code);
    slowest.set(name, Math.max(ms, slowest.get(name) ?? 0));
  }
  await users.stop();
  const delayed = await stopAmidDelay(deployment);
  codes.add(delayed.code);
  const failures = [...users.failures].map(([what, count]) => `${what}: ${count}`).join(', ');
  return [
    exactly(`failed requests, of ${users.answered}`, failures || 0, 0),
    exactly('exit codes', [...codes].join(', '), '0'),
    ...BACKENDS.filter(({ name }) => slowest.has(name)).map(({ name, limitMs }) =>
      within(`exit after SIGTERM with ${name}, slowest`, slowest.get(name) ?? 0, limitMs, ROOM_MS),
    ),
    within('exit with a statement under way that a fault delays for 30 s', delayed.ms, 5_000, ROOM_MS),
  ];
}

async function stopAmidDelay(deployment: Deployment) {
  await deployment.oldest.post('/demo/enable-slow-queries', { delay_ms: 30_000 });
  const cut = deployment.oldest.get('/inventory/check/5').catch(() => undefined);
  await setTimeout(100);
  const stopped = await deployment.stopOldest();
  await cut;
  return stopped;
}

/** Users who read and write through the address until they are stopped. */
class Users {
  answered = 0;
  /** What went wrong, and how often. */
  readonly failures = new Map<string, number>();
  private stopped = false;
  private readonly all: Promise<void>[];

  constructor(address: ServiceAddress, random: Random) {
    this.all = Array.from({ length: USERS }, (_, index) => {
      const client = new ServiceClient(address, { keepAlive: index % 2 === 0, maxSockets: 1 });
      return this.use(client, new Random(random.between(0, 2 ** 32 - 1)));
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.all);
  }

  private async use(client: ServiceClient, random: Random): Promise<void> {
    while (!this.stopped) {
      await setTimeout(random.exponential(PAUSE_MS));
      const product_id = random.between(1, 24);
      const outcome =
        random.next() < 0.5
          ? await client.ask(`/inventory/check/${product_id}`)
          : await client.ask('/inventory/reserve', { product_id, quantity: 1 });
      if (outcome === 200) this.answered++;
      else this.failures.set(String(outcome), (this.failures.get(String(outcome)) ?? 0) + 1);
    }
    client.destroy();
  }
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}
