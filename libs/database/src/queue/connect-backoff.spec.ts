import { ConnectBackoff } from './connect-backoff';

describe('the back-off of new connections', () => {
  let backoff: ConnectBackoff;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    backoff = new ConnectBackoff();
  });
  afterEach(() => jest.useRealTimers());

  /** A connection whose opening took so many milliseconds. */
  function opened(ms: number): void {
    jest.advanceTimersByTime(1);
    const startedAt = performance.now();
    jest.advanceTimersByTime(ms);
    backoff.accepted(startedAt);
  }

  it('lets eight be opened at a time, at once, while nothing is known', () => {
    expect(backoff.width).toBe(8);
    expect(backoff.remaining()).toBe(0);
    expect(backoff.openingMs).toBe(0);
  });

  it('lets half as many be opened after one that was late, and one more after each in time', () => {
    opened(10);
    opened(10 * 2 + 101);
    expect(backoff.width).toBe(4);
    opened(10);
    expect(backoff.width).toBe(5);
  });

  it('never lets fewer than one be opened', () => {
    opened(10);
    for (let late = 0; late < 5; late++) opened(400);
    expect(backoff.width).toBe(1);
  });

  it('is narrowed once by openings that began together', () => {
    opened(10);
    const together = performance.now();
    jest.advanceTimersByTime(500);
    for (let late = 0; late < 5; late++) backoff.accepted(together);
    expect(backoff.width).toBe(4);
  });

  it('takes no opening for late on a server that is evenly slow', () => {
    opened(140);
    for (let slow = 0; slow < 10; slow++) opened(160);
    expect(backoff.width).toBe(8);
  });

  it('knows what an opening costs at least, of the last eight', () => {
    opened(5);
    expect(backoff.openingMs).toBe(5);
    for (let later = 0; later < 8; later++) opened(20);
    expect(backoff.openingMs).toBe(20);
  });

  it('waits longer after each refusal, up to 375 ms, with one try at a time', () => {
    const longest: number[] = [];
    for (let refusal = 0; refusal < 8; refusal++) {
      backoff.refused();
      longest.push(backoff.remaining());
      expect(backoff.width).toBe(1);
      jest.advanceTimersByTime(backoff.remaining());
    }
    expect(longest[0]).toBeGreaterThanOrEqual(10);
    expect(longest[0]).toBeLessThanOrEqual(30);
    expect(longest.at(-1)).toBeGreaterThanOrEqual(125);
    expect(longest.at(-1)).toBeLessThanOrEqual(375);
  });

  it('is wary for two seconds after a refusal', () => {
    backoff.refused();
    jest.advanceTimersByTime(1_999);
    expect(backoff.refusedLately).toBe(true);
    jest.advanceTimersByTime(1);
    expect(backoff.refusedLately).toBe(false);
  });

  it('does not shorten a pause that is longer, and ends it when slots are free again', () => {
    backoff.pause(500);
    backoff.pause(20);
    expect(backoff.remaining()).toBe(500);
    backoff.reset();
    expect(backoff.remaining()).toBe(0);
  });
});
