import { Agent, request } from 'node:http';
import { eventually } from './support/eventually';
import type { RunningService } from './support/running-service';
import { System } from './support/system';

describe('a process that is asked to stop', () => {
  let system: System;
  let inventory: RunningService;

  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());
  beforeEach(async () => {
    inventory = await system.service('inventory');
    await eventually(async () => expect((await inventory.get('/health')).body.status).toBe('ok'));
  });
  afterEach(() => inventory.stop('SIGKILL'));

  it('answers every request that it accepted, and ends with 0', async () => {
    const agent = new Agent({ keepAlive: true });
    const outcomes = new Map<string, number>();
    const worker = async () => {
      for (let outcome = 'answered'; outcome === 'answered'; ) {
        outcome = await ask(`${inventory.url}/inventory/check/5`, agent);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    };
    const workers = Array.from({ length: 20 }, worker);
    await eventually(() => expect(outcomes.get('answered')).toBeGreaterThan(200));
    expect(await inventory.stop()).toBe(0);
    await Promise.all(workers);
    // Each worker ends with a connection that the process did not accept any more.
    expect([...outcomes.keys()].sort()).toEqual(['answered', 'no connection']);
    expect(outcomes.get('no connection')).toBe(20);
    agent.destroy();
  });

  it('finishes a statement that is under way, and ends when that is answered', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 1_500 });
    const answer = inventory.get('/inventory/check/5');
    await eventually(async () => expect(await sleeping()).toBe(1));
    const stopped = inventory.stop();
    const { status, headers } = await answer;
    // Otherwise the kept-alive connection would hold up the process until all connections are cut off.
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(await stopped).toBe(0);
  });

  it('does not wait for a statement that is delayed for longer than the time it has', async () => {
    await inventory.post('/demo/enable-slow-queries', { delay_ms: 30_000 });
    const answer = inventory.get('/inventory/check/5').catch(() => 'cut off');
    await eventually(async () => expect(await sleeping()).toBe(1));
    const stopped = performance.now();
    expect(await inventory.stop()).toBe(0);
    expect(performance.now() - stopped).toBeLessThan(15_000);
    expect(await answer).toBe('cut off');
    await eventually(async () => expect(await sleeping()).toBe(0));
  });

  it('stops when the process that forked it is gone', async () => {
    inventory.process.disconnect();
    await eventually(() => expect(inventory.process.exitCode).toBe(0));
  });

  async function sleeping(): Promise<number> {
    return (await system.sql(`SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)).length;
  }
});

type Outcome = 'answered' | 'no connection' | 'failed';

/**
 * One GET on a kept-alive connection. A new connection that the process has not accepted from the system's queue when
 * it stops listening is refused or reset; anything else that goes wrong is a failure.
 */
function ask(url: string, agent: Agent): Promise<Outcome> {
  return new Promise((resolve) => {
    const asked = request(url, { agent }, (response) => {
      response
        .resume()
        .on('end', () => resolve(response.statusCode === 200 ? 'answered' : 'failed'))
        .on('error', () => resolve('failed'));
    });
    asked.on('error', ({ code }: NodeJS.ErrnoException) => {
      const refused = code === 'ECONNREFUSED' || (code === 'ECONNRESET' && !asked.reusedSocket);
      resolve(refused ? 'no connection' : 'failed');
    });
    asked.end();
  });
}
