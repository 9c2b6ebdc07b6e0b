import { type Answer, SERVICES, type ServiceKey, serviceName } from '@app/service-client';
import { type Check, type CheckedSystem, failed, passed, type Verdict } from './check';

/** Longer than a request may wait for a connection and then for a slow statement. */
const TIMEOUT_MS = 15_000;
/** The product that all examples use. */
const PRODUCT = 5;
const SAMPLE_ORDERS = 10;

/** Checks that the services answer, and answer correctly. */
export const ANSWERING: Check[] = [
  {
    id: 'services-up',
    title: 'Every service is up',
    disturbs: false,
    run: (system) =>
      onAll(system, '/health/live', ({ status, ms }) =>
        status === 200 ? `${Math.round(ms)} ms` : undefined,
      ),
  },
  {
    id: 'health',
    title: 'Health answers 200',
    disturbs: false,
    run: (system) =>
      onAll(system, '/health', ({ status, body }) => (status === 200 ? String(body.status) : undefined)),
  },
  {
    id: 'budget',
    title: 'One budget of connections everywhere',
    disturbs: false,
    run: async (system) => {
      const budgets = new Set<unknown>();
      const verdict = await onAll(system, '/health', ({ body }) => {
        const pool = body.connection_pool as Record<string, unknown> | undefined;
        budgets.add(pool?.max_connections);
        return pool?.max_connections ? `${pool.active_connections} of ${pool.max_connections}` : undefined;
      });
      return budgets.size > 1 ? failed(verdict.evidence) : verdict;
    },
  },
  {
    id: 'sample-data',
    title: 'Orders has its sample data',
    disturbs: false,
    run: async ({ services }) => {
      const path = '/orders/popular-products?limit=100';
      const { status, body } = await services.get('order', path, TIMEOUT_MS);
      if (status !== 200) return failed(String(body.detail ?? `status ${status}`));
      const rows = body.popular_products;
      const counts = Array.isArray(rows) ? rows.map(({ order_count }) => Number(order_count)) : [];
      const orders = counts.reduce((sum, count) => sum + count, 0);
      const evidence = `${orders} orders of ${counts.length} products`;
      return orders >= SAMPLE_ORDERS ? passed(evidence) : failed(evidence);
    },
  },
  {
    id: 'products',
    title: 'Products can be read',
    disturbs: false,
    run: ({ services }) =>
      answered(services.get('product', `/products/${PRODUCT}`, TIMEOUT_MS), ({ name }) => String(name)),
  },
  {
    id: 'check',
    title: 'Checking stock works',
    disturbs: false,
    run: ({ services }) =>
      answered(
        services.get('inventory', `/inventory/check/${PRODUCT}`, TIMEOUT_MS),
        ({ stock_quantity }) => `${stock_quantity} in stock`,
      ),
  },
  {
    id: 'popular',
    title: 'Popular products work',
    disturbs: false,
    run: ({ services }) =>
      answered(
        services.get('order', '/orders/popular-products?limit=5', TIMEOUT_MS),
        ({ popular_products }) => {
          const [first] = Array.isArray(popular_products) ? popular_products : [];
          return `first is ${first?.name}`;
        },
      ),
  },
];

/** Sends the same request to all services; `read` returns the evidence of a good answer. */
async function onAll(
  { services }: CheckedSystem,
  path: string,
  read: (answer: Answer) => string | undefined,
): Promise<Verdict> {
  const asked = SERVICES.map(async (key) => oneOf(key, await services.get(key, path, TIMEOUT_MS), read));
  const verdicts = await Promise.all(asked);
  const evidence = verdicts.map((verdict) => verdict.evidence).join(', ');
  return verdicts.every(({ state }) => state === 'passed') ? passed(evidence) : failed(evidence);
}

function oneOf(key: ServiceKey, answer: Answer, read: (answer: Answer) => string | undefined): Verdict {
  const evidence = read(answer);
  if (evidence !== undefined) return passed(`${key} ${evidence}`);
  return failed(`${serviceName(key)}: ${answer.body.detail ?? `status ${answer.status}`}`);
}

/** Returns what a good answer says, and how long it took. */
export async function answered(
  asked: Promise<Answer>,
  read: (body: Record<string, unknown>) => string,
): Promise<Verdict> {
  const { status, body, ms } = await asked;
  if (status < 200 || status > 299) return failed(String(body.detail ?? `status ${status}`));
  return passed(`${read(body)}, after ${Math.round(ms)} ms`);
}
