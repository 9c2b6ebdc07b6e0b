import { durations, growth, together } from './durations';

const BOUNDS = [0.001, 0.004, 0.01, 0.02, 0.05];
const histogram = (sum: number, ...counts: number[]) => {
  let upTo = 0;
  const buckets = counts.map((count) => {
    upTo += count;
    return upTo;
  });
  return { count: upTo, sum, buckets };
};

describe('durations from a histogram', () => {
  it('are the mean, and percentiles as dashboards read them', () => {
    const seen = durations(histogram(0.4, 0, 50, 50, 0, 0), BOUNDS);
    expect(seen).toMatchObject({ count: 100, mean: 4, p50: 4 });
    expect(seen.p99).toBeCloseTo(9.88);
  });

  it('have a floor below which there is hardly a value', () => {
    expect(durations(histogram(1, 4, 0, 0, 96, 0), BOUNDS).floor).toBe(10);
    expect(durations(histogram(1, 6, 0, 0, 94, 0), BOUNDS).floor).toBe(0);
  });

  it('work with values beyond the last bound, and with none', () => {
    expect(durations({ count: 2, sum: 8, buckets: [0, 0, 0, 0, 0] }, BOUNDS)).toMatchObject({
      p50: 50,
      floor: 50,
    });
    expect(durations({ count: 0, sum: 0, buckets: [] }, BOUNDS)).toEqual({
      count: 0,
      mean: 0,
      p50: 0,
      p99: 0,
      floor: 0,
    });
  });

  it('grow between two samples, and start again with a new process', () => {
    const [before, after] = [histogram(1, 5, 5), histogram(3, 6, 9)];
    expect(growth(after, before)).toEqual({ count: 5, sum: 2, buckets: [1, 5] });
    expect(growth(before, after)).toEqual(before);
    expect(growth(after, undefined)).toEqual(after);
    expect(together([before, after])).toEqual({ count: 25, sum: 4, buckets: [11, 25] });
  });
});
