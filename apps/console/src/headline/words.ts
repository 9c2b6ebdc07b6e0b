/** A duration in spoken form: 12 ms, 2.9 s, 3 min. */
export function spoken(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/** `1 request`, `12 requests`. */
export function counted(count: number, thing: string): string {
  return `${Math.round(count).toLocaleString('en-GB')} ${thing}${Math.round(count) === 1 ? '' : 's'}`;
}

/** A share of requests in whole percent: only everything is 100 %. */
export function percentOf(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  if (percent > 99 && percent < 100) return 'more than 99 %';
  return percent < 1 ? 'less than 1 %' : `${Math.round(percent)} %`;
}
