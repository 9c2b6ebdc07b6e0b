import { setTimeout } from 'node:timers/promises';
import { eventually } from './support/eventually';
import { PROMETHEUS_INSTALLED, startPrometheus } from './support/prometheus/real-prometheus';
import { System } from './support/system';

const withPrometheus = PROMETHEUS_INSTALLED ? describe : describe.skip;

withPrometheus(
  'a real Prometheus with our rules (skipped where it is not installed: PROMETHEUS names its program)',
  () => {
    it('fires nothing for callers that disconnect, and the alert of the exhausted budget while it is exhausted', async () => {
      const system = await System.start();
      const services = await Promise.all([
        system.service('product', { DB_ACQUIRE_TIMEOUT_MS: '200' }),
        system.service('inventory', { DB_ACQUIRE_TIMEOUT_MS: '200' }),
      ]);
      const [product, inventory] = services;
      const prometheus = await startPrometheus(services);
      try {
        await product.post('/demo/enable-slow-queries', { delay_ms: 300 });
        const leaveUntil = performance.now() + 45_000;
        while (performance.now() < leaveUntil) {
          const signal = AbortSignal.timeout(100);
          await fetch(`${product.url}/products/5`, { signal }).catch(() => undefined);
          await setTimeout(100);
        }
        expect((await prometheus.firing()).filter((name) => name !== 'DemoFaultActive')).toEqual([]);
        await product.post('/demo/reset');

        await inventory.post('/demo/simulate-pool-exhaustion', { connections: 100 });
        await eventually(async () => {
          await product.get('/products/5');
          const firing = await prometheus.firing();
          expect(firing).toContain('DatabaseConnectionBudgetExhausted');
          expect(firing).toContain('DatabaseConnectionTimeouts');
        }, 90_000);
        await inventory.post('/demo/reset');
        await eventually(
          async () => expect(await prometheus.firing()).not.toContain('DatabaseConnectionBudgetExhausted'),
          60_000,
        );
      } finally {
        await prometheus.stop();
        await system.stop();
      }
    }, 300_000);
  },
);
