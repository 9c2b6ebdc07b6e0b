import { KeptAlive, type Restartable } from './kept-alive';

/** A process whose starts and end the test controls. */
class Fake implements Restartable {
  readonly name = 'inventory-service';
  starts = 0;
  failures = 0;
  private end = Promise.withResolvers<string>();

  ended(): Promise<string> {
    return this.end.promise;
  }

  async startAgain(): Promise<void> {
    this.starts += 1;
    if (this.failures-- > 0) throw new Error('no port');
    this.end = Promise.withResolvers();
  }

  die(how: string): void {
    this.end.resolve(how);
  }
}

describe('a process that is kept alive', () => {
  let fake: Fake;
  let alive: KeptAlive;
  const said: string[] = [];
  beforeEach(() => {
    jest.useFakeTimers();
    said.length = 0;
    fake = new Fake();
    alive = new KeptAlive(fake, (_, sentence) => said.push(sentence));
    alive.watch();
  });
  afterEach(() => jest.useRealTimers());
  const after = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('is started again at once, and that is reported', async () => {
    fake.die('signal SIGKILL');
    await after(150);
    expect(alive.state).toMatchObject({ up: true, restarts: 1, ended: 'signal SIGKILL' });
    expect(said).toEqual([
      'inventory-service ended (signal SIGKILL): starting it again',
      expect.stringMatching(/^inventory-service is back after 0\.1 s \(started again once\)$/),
    ]);
  });

  it('is retried less and less often, and for ever', async () => {
    fake.failures = 12;
    fake.die('code 1');
    await after(100 + 200 + 400 + 50);
    expect(fake.starts).toBe(3);
    expect(alive.state.up).toBe(false);
    expect(said[1]).toBe('inventory-service did not start, next attempt in 0.2 s: no port');
    await after(80_000);
    expect(alive.state).toMatchObject({ up: true, restarts: 1 });
    expect(fake.starts).toBe(13);
  });

  it('is left alone once it is stopped, whether it runs or is about to be started', async () => {
    fake.die('code 1');
    await after(10);
    await alive.stop();
    await after(20_000);
    expect(fake.starts).toBe(0);
    const running = new Fake();
    const second = new KeptAlive(running, () => undefined);
    second.watch();
    await second.stop();
    running.die('code 0');
    await after(20_000);
    expect(running.starts).toBe(0);
  });
});
