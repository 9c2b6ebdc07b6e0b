/** A number for people: 0.4, 12, 1,234. */
export function readable(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : Math.round(value).toLocaleString('en-GB');
}

export function milliseconds(value: number): string {
  return value < 1_000 ? `${readable(value)} ms` : `${Number((value / 1_000).toFixed(1))} s`;
}

/** `1 session`, `3 sessions`; a count below one, or that is not a whole number, is a mean. */
export function many(count: number, thing: string): string {
  return `${readable(count)} ${thing}${count === 1 ? '' : 's'}`;
}

export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
