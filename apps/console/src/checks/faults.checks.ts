import { setTimeout } from 'node:timers/promises';
import type { ServiceClient } from '../services/service-client';
import { SERVICES, type ServiceKey } from '../services/service-targets';
import { type Check, type CheckedSystem, failed, passed, type Verdict } from './check';

const TIMEOUT_MS = 15_000;
const DELAY_MS = 500;
const HELD = 95;
/** Should this process be killed in between, the fault ends by itself soon. */
const TTL_SECONDS = 60;
/** Milliseconds in which all services agree on what PostgreSQL counts, and are at rest after a reset. */
const AGREED_WITHIN_MS = 3_000;
const RESET_WITHIN_MS = 5_000;

/** A request of each service that runs one statement. */
const ONE_STATEMENT: Record<ServiceKey, string> = {
  product: '/products/5',
  inventory: '/inventory/check/5',
  order: '/orders/popular-products?limit=5',
};

/** Faults do what they say, and end. */
export const FAULTS: Check[] = [
  {
    id: 'slow-queries',
    title: 'Slow queries work on all services',
    disturbs: true,
    run: async ({ services }) => {
      const times = await Promise.all(SERVICES.map((key) => slowedMs(services, key)));
      const evidence = SERVICES.map((key, index) => `${key} ${times[index]} ms`).join(', ');
      return times.every((ms) => ms >= DELAY_MS)
        ? passed(`asked +${DELAY_MS} ms: ${evidence}`)
        : failed(evidence);
    },
  },
  {
    id: 'pool-exhaustion',
    title: 'Pool exhaustion works, and reset ends it',
    disturbs: true,
    run: exhaustAndReset,
  },
];

async function slowedMs(services: ServiceClient, key: ServiceKey): Promise<number> {
  const fault = { delay_ms: DELAY_MS, ttl_seconds: TTL_SECONDS };
  const { status, body } = await services.post(key, '/demo/enable-slow-queries', fault, TIMEOUT_MS);
  if (status !== 200) throw new Error(`${key}: ${body.detail ?? `status ${status}`}`);
  const { ms } = await services.get(key, ONE_STATEMENT[key], TIMEOUT_MS);
  await services.post(key, '/demo/reset', {}, TIMEOUT_MS);
  return Math.round(ms);
}

async function exhaustAndReset({ services }: CheckedSystem): Promise<Verdict> {
  const fault = { connections: HELD, ttl_seconds: TTL_SECONDS };
  const { body } = await services.post('inventory', '/demo/simulate-pool-exhaustion', fault, TIMEOUT_MS);
  const detail = String(body.detail ?? 'no answer');
  if (body.effective !== true) return failed(detail);
  const full = await until(AGREED_WITHIN_MS, async () =>
    (await used(services)).every((count) => count >= HELD),
  );
  await services.post('inventory', '/demo/reset', {}, TIMEOUT_MS);
  const free = await until(RESET_WITHIN_MS, async () =>
    (await used(services)).every((count) => count < HELD),
  );
  if (!full) return failed(`${detail}, but not all services report it`);
  return free
    ? passed(`${detail}; after reset ${Math.max(...(await used(services)))} open`)
    : failed('still full after reset');
}

/** Connections in use, as each service reports them. */
function used(services: ServiceClient): Promise<number[]> {
  return Promise.all(
    SERVICES.map(async (key) => {
      const pool = (await services.get(key, '/health', TIMEOUT_MS)).body.connection_pool;
      return Number((pool as Record<string, unknown> | undefined)?.active_connections ?? Number.NaN);
    }),
  );
}

/** Whether the condition came true in time; nothing tells of it, so it is asked for. */
export async function until(withinMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await setTimeout(100);
  }
  return true;
}
