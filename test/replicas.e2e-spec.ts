import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('replicas and processes that die', () => {
  let system: System;
  let one: RunningService;
  let two: RunningService;

  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());
  beforeEach(async () => {
    [one, two] = await Promise.all([system.service('inventory'), system.service('inventory')]);
    await eventually(async () => {
      for (const replica of [one, two]) expect((await replica.get('/health')).body.status).toBe('ok');
    });
  });
  afterEach(() => Promise.all([one.stop(), two.stop()]));

  const held = async () =>
    (await system.sql(`SELECT FROM pg_stat_activity WHERE application_name LIKE '%held'`)).length;
  const exhaustion = async (replica: RunningService) => (await replica.get('/demo/status')).body.faults[1];

  it('slows both replicas when one gets the request, and restores both when the other is reset', async () => {
    await one.post('/demo/enable-slow-queries', { delay_ms: 300 });
    await eventually(async () =>
      expect((await two.get('/inventory/check/5')).ms).toBeGreaterThanOrEqual(300),
    );
    await two.post('/demo/reset');
    await eventually(async () => expect((await one.get('/demo/status')).body.faults[0].enabled).toBe(false));
    expect((await one.get('/demo/status')).body.faults[0].enabled).toBe(false);
  });

  it('changes the hold of one replica when the other gets the request, with the same proof', async () => {
    await one.post('/demo/simulate-pool-exhaustion', { connections: 95 });
    const { status, body } = await two.post('/demo/simulate-pool-exhaustion', { connections: 30 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ asked: { connections: 30 }, measured: { holding: 30 }, effective: true });
    expect(await held()).toBe(30);
  });

  it('reaches a replica that starts later', async () => {
    await one.post('/demo/enable-slow-queries', { delay_ms: 300 });
    const three = await system.service('inventory');
    await eventually(async () => expect((await three.get('/demo/status')).body.faults[0].enabled).toBe(true));
    await three.stop();
  });

  it('frees the slots when the holder is killed, and the fault ends although a replica lives on', async () => {
    await one.post('/demo/simulate-pool-exhaustion');
    await one.stop('SIGKILL');
    await eventually(async () => expect(await held()).toBe(0));
    await eventually(
      async () => expect(await exhaustion(two)).toEqual({ fault: 'pool-exhaustion', enabled: false }),
      20_000,
    );
    expect((await two.post('/demo/simulate-pool-exhaustion', { connections: 20 })).body.effective).toBe(true);
  });

  it('leaves nothing declared when all processes of the service were killed and one starts again', async () => {
    await one.post('/demo/enable-slow-queries', { delay_ms: 20_000 });
    await Promise.all([one.stop('SIGKILL'), two.stop('SIGKILL')]);
    expect(await system.sql('SELECT FROM demo_faults')).toHaveLength(1);
    await eventually(async () => {
      expect(await system.sql(`SELECT FROM pg_stat_activity WHERE usename = 'dbcontrol'`)).toEqual([]);
    });
    const next = await system.service('inventory');
    await eventually(async () => expect(await system.sql('SELECT FROM demo_faults')).toEqual([]));
    expect((await next.get('/inventory/check/5')).ms).toBeLessThan(20_000);
    await next.stop();
  });

  it.each(['fast', 'immediate'] as const)(
    'lives through a %s restart of PostgreSQL, and holds again',
    async (mode) => {
      await one.post('/demo/simulate-pool-exhaustion');
      await system.restartPostgres(mode);
      await eventually(async () => expect(await held()).toBe(95));
      await eventually(async () => expect(await exhaustion(two)).toMatchObject({ effective: true }));
      expect([one.process.exitCode, two.process.exitCode]).toEqual([null, null]);
      await two.post('/demo/reset');
      await eventually(async () => expect(await held()).toBe(0));
      await eventually(async () => expect((await one.get('/inventory/check/5')).status).toBe(200));
    },
  );
});
