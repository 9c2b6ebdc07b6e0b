import { eventually } from './support/eventually';
import { POOLER_INSTALLED, type PoolMode, startPooler } from './support/pooler';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

const DELAY_MS = 700;

const withPooler = POOLER_INSTALLED ? describe : describe.skip;

withPooler('behind PgBouncer (skipped where it is not installed: PGBOUNCER names its program)', () => {
  let system: System;

  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());

  async function through(
    mode: PoolMode,
    work: (slow: RunningService, other: RunningService) => Promise<void>,
  ) {
    const pooler = await startPooler(system.settings, mode);
    const services = await Promise.all([
      system.service('inventory', pooler.environment),
      system.service('product', pooler.environment),
    ]);
    try {
      await work(...(services as [RunningService, RunningService]));
    } finally {
      await Promise.all(services.map((service) => service.stop('SIGKILL')));
      await pooler.stop();
    }
  }

  const slowest = async (service: RunningService, path: string): Promise<number> => {
    const times = [];
    // Its status does not matter: an older PgBouncer does not know prepared statements.
    for (let request = 0; request < 10; request++) times.push((await service.get(path)).ms);
    return Math.max(...times);
  };

  it('slows no statement if sessions are shared, and says why', () =>
    through('transaction', async (inventory, product) => {
      await eventually(async () => expect(inventory.output).toContain('a pooler in transaction mode'));
      const { body } = await inventory.post('/demo/enable-slow-queries', { delay_ms: DELAY_MS });
      expect(body).toMatchObject({ enabled: true, effective: false });
      expect(body.detail).toMatch(/^NOT EFFECTIVE: a pooler in transaction mode/);
      for (const [service, path] of [
        [inventory, '/inventory/check/5'],
        [product, '/products?limit=1'],
      ] as const)
        expect(await slowest(service, path)).toBeLessThan(DELAY_MS);
      expect((await inventory.get('/health')).body.connection_pool.pooler).toContain('transaction mode');
      expect((await inventory.post('/demo/reset')).body.stopped).toEqual(['slow-queries']);
      expect(inventory.output.split('slow queries are refused here')).toHaveLength(2);
    }));

  it('slows its own statements, and no others, if each connection keeps its session', () =>
    through('session', async (inventory, product) => {
      await eventually(async () => {
        await inventory.post('/demo/enable-slow-queries', { delay_ms: DELAY_MS });
        await inventory.get('/inventory/check/5');
        expect((await inventory.get('/health')).body.faults['slow-queries']).toMatchObject({
          effective: true,
        });
      });
      expect(await slowest(product, '/products?limit=1')).toBeLessThan(DELAY_MS);
      expect((await inventory.get('/health')).body.connection_pool.pooler).toBeUndefined();
    }));
});
