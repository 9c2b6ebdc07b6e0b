import { Shutdown, STOPPING, type StoppingStep } from './shutdown';

const STEPS = Object.keys(STOPPING) as StoppingStep[];

describe('a shutdown', () => {
  const troubles: string[] = [];
  const shutdown = () => new Shutdown((step, why) => troubles.push(`${step}: ${why}`));
  beforeEach(() => {
    troubles.length = 0;
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  });
  afterEach(() => jest.useRealTimers());

  it('goes through its steps in their order, whichever was added first', async () => {
    const done: string[] = [];
    const stopping = shutdown();
    for (const step of STEPS.toReversed()) stopping.at(step, async () => done.push(step));
    expect(stopping.started).toBe(false);
    const running = stopping.run();
    expect(stopping.started).toBe(true);
    await running;
    expect(done).toEqual(STEPS);
    expect(troubles).toEqual([]);
  });

  it('runs once, however often it is requested', async () => {
    const work = jest.fn();
    const stopping = shutdown();
    stopping.at('http', work);
    await Promise.all([stopping.run(), stopping.run()]);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('continues after a step that fails, and says which', async () => {
    const last = jest.fn();
    const stopping = shutdown();
    stopping.at('queue', () => {
      throw new Error('no such pool');
    });
    stopping.at('telemetry', last);
    await stopping.run();
    expect(last).toHaveBeenCalled();
    expect(troubles).toEqual(['queue: Error: no such pool']);
  });
});
