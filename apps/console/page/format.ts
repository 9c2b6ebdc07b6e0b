/** A duration as a person reads it: 2.4 ms, 180 ms, 2.90 s. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  return ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** A whole number with thousands separators. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A rate with two significant digits; only nothing is 0. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value < 0.01) return '<0.01';
  return value >= 100 ? whole(value) : value.toFixed(value >= 10 ? 1 : 2);
}

/** Only nothing is 0 %, and only everything is 100 %. */
export function percent(value: number): string {
  if (value > 0 && value < 0.1) return '<0.1 %';
  if (value > 99 && value < 100) return '>99 %';
  return `${value === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} %`;
}

/** Seconds as minutes and seconds: 14:59. */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
}

export function clock(unixMs: number): string {
  return new Date(unixMs).toLocaleTimeString('en', { hour12: false });
}

/** `inventory-service` as `inventory`, where there is little room. */
export function short(service: string): string {
  return service.replace(/-service$/, '');
}

/** A duration on an axis: 500 ms, 2.5 s. */
export function axisTime(ms: number): string {
  return ms >= 1_000 ? `${Number((ms / 1_000).toFixed(2))} s` : `${Number(ms.toPrecision(3))} ms`;
}
