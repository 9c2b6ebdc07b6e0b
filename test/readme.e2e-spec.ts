import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

const README = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** The lines of the demo, without the part that only formats the output. */
const LINES = [...README.matchAll(/^curl .*$/gm)].map(([line]) => line.replace(/ \| jq .*$/, ''));

describe('the demo of the README', () => {
  let system: System;
  let services: Record<string, RunningService>;

  beforeAll(async () => {
    system = await System.start();
    const [product, inventory, order] = await Promise.all([
      system.service('product'),
      system.service('inventory'),
      system.service('order'),
    ]);
    await eventually(async () => {
      expect((await inventory.get('/health')).body.connection_pool.active_connections).toBe(3);
    });
    services = { '30010': product, '30015': inventory, '30016': order };
  });
  afterAll(() => system?.stop());

  /** Runs a line in a shell, against the ports of this test. */
  async function run(line: string): Promise<Record<string, any>> {
    const moved = line.replace(/localhost:(\d+)/g, (_, port) => `127.0.0.1:${services[port]?.port}`);
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      moved.replace(/^curl/, "curl -sS --fail-with-body --noproxy '*'"),
    ]);
    return JSON.parse(stdout);
  }

  it('has the lines that it had when this test was written', () => {
    expect(LINES).toHaveLength(13);
  });

  it('works line by line, and says what the text around it says', async () => {
    const answers = [];
    for (const line of LINES) answers.push(await run(line));
    const [check, popular, order, reserve, rest, slow, slowed, status, exhaust, own, other, reset, after] =
      answers;
    expect(check).toMatchObject({ product_id: 5, in_stock: true });
    expect(popular?.popular_products).toHaveLength(5);
    expect(order).toMatchObject({ user_id: 'demo_user', product_id: 5, quantity: 2 });
    expect(reserve).toMatchObject({ product_id: 5, reserved: 1 });
    expect(rest?.connection_pool).toMatchObject({ active_connections: 3, max_connections: 100 });
    expect(slow).toMatchObject({ asked: { delay_ms: 2_900 } });
    expect(slowed).toMatchObject({ product_id: 5 });
    expect(status?.faults[0].measured.added_ms).toBeGreaterThanOrEqual(2_900);
    expect(exhaust).toMatchObject({ effective: true, measured: { holding: 95 } });
    for (const health of [own, other]) {
      const { connection_pool } = health as Record<string, any>;
      expect(connection_pool).toMatchObject({
        active_connections: 95,
        max_connections: 100,
        utilization_percent: 95,
      });
    }
    expect(reset?.stopped.sort()).toEqual(['pool-exhaustion', 'slow-queries']);
    expect(after?.faults.filter(({ enabled }: { enabled: boolean }) => enabled)).toEqual([]);
  });
});
