import { setTimeout } from 'node:timers/promises';
import { DelayLine } from './delay-line';

describe('a delay line', () => {
  it('passes on at once while there is no delay', () => {
    expect(new DelayLine().pass(0, () => 'done')).toBe('done');
  });

  it('keeps the order when the delay becomes shorter', async () => {
    const [line, done]: [DelayLine, string[]] = [new DelayLine(), []];
    const begun = performance.now();
    line.pass(40, () => done.push('first'));
    line.pass(5, () => done.push('second'));
    expect(line.pass(0, () => done.push('third'))).toBeUndefined();
    expect(done).toEqual([]);
    while (done.length < 3) await setTimeout(2);
    expect(done).toEqual(['first', 'second', 'third']);
    expect(performance.now() - begun).toBeGreaterThan(38);
    expect(line.pass(0, () => 'done')).toBe('done');
  });
});
