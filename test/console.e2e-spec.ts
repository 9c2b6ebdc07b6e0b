import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { ConsoleSystem } from './support/console-system';
import { eventually } from './support/eventually';

/** Reads events as the page does. */
async function firstEvent(url: string, name: string): Promise<any> {
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    const found = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(text);
    if (found) return JSON.parse(found[1] as string);
  }
}

describe('the console', () => {
  let running: ConsoleSystem;
  beforeAll(async () => {
    running = await ConsoleSystem.start();
  });
  afterAll(() => running?.stop());

  it('shows what PostgreSQL counts', async () => {
    const budget = await firstEvent(`${running.console.url}/api/live`, 'budget');
    expect(budget).toMatchObject({ max: 100, slots: expect.any(Array) });
    await eventually(async () => {
      const seen = await firstEvent(`${running.console.url}/api/live`, 'budget');
      expect(seen.open).toBe(await running.system.openConnections());
      expect(seen.services.map(({ service }: any) => service)).toEqual([
        'inventory-service',
        'order-service',
        'product-service',
      ]);
    });
  });

  it('takes changes from its own page only', async () => {
    const foreign = { Origin: 'http://evil.example', 'Content-Type': 'application/json' };
    const { status, body } = await running.console.post('/api/faults/all/reset', {}, foreign);
    expect({ status, type: body.type }).toEqual({ status: 403, type: 'urn:problem-type:forbidden' });
    const own = { Origin: running.console.url, 'Content-Type': 'application/json' };
    expect((await running.console.post('/api/faults/all/reset', {}, own)).status).toBe(200);
  });

  it('lets a page load from here and from nowhere else', async () => {
    const { headers } = await running.console.get('/');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('names a setting that is wrong', async () => {
    const json = { 'Content-Type': 'application/json' };
    const { status, body } = await running.console.post('/api/faults/product/slow', { delay_ms: 0 }, json);
    expect({ status, fields: body.errors.map(({ field }: any) => field) }).toEqual({
      status: 400,
      fields: ['delay_ms'],
    });
    expect((await running.console.post('/api/faults/shop/reset', {}, json)).status).toBe(400);
    expect((await running.console.post('/api/load', { rate: 1e9 }, json)).status).toBe(400);
  });

  it('passes over viewers that do not read, and the others do not notice', async () => {
    const stalled = Array.from({ length: 50 }, () =>
      request(`${running.console.url}/api/live`, (response) => response.pause())
        .on('error', () => undefined)
        .end(),
    );
    await setTimeout(3_000);
    const before = await running.console.get('/api/view');
    expect(before.ms).toBeLessThan(1_000);
    const view = await firstEvent(`${running.console.url}/api/live`, 'view');
    expect(Date.now() - view.at).toBeLessThan(2_000);
    for (const viewer of stalled) viewer.destroy();
  });

  it('runs all checks when asked, and leaves the faults as they were', async () => {
    const json = { 'Content-Type': 'application/json' };
    await running.services.order.post('/demo/enable-slow-queries', { delay_ms: 40, ttl_seconds: 300 });
    expect((await running.console.post('/api/checks/run', {}, json)).status).toBe(202);
    await eventually(async () => {
      const { body } = await running.console.get('/api/checks');
      const states = Object.values(body).map(({ id, state, evidence }: any) => [
        id,
        state,
        state === 'passed' || evidence,
      ]);
      expect(states).toEqual(states.map(([id]) => [id, 'passed', true]));
    }, 30_000);
    await eventually(async () => {
      const [slow] = (await running.services.order.get('/demo/status')).body.faults;
      expect(slow).toMatchObject({ enabled: true, asked: { delay_ms: 40 } });
      expect(slow.expires_in_seconds).toBeLessThanOrEqual(300);
    });
    await running.services.order.post('/demo/reset');
  });

  it('ends with 0 on SIGTERM although viewers look on', async () => {
    const viewer = await fetch(`${running.console.url}/api/live`);
    const started = performance.now();
    expect(await running.console.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(3_000);
    await viewer.body?.cancel().catch(() => undefined);
  });
});
