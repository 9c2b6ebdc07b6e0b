/** One of OpenTelemetry's variables, or several that differ only by signal. */
export interface Variable {
  /** Contains `{signal}` if there is one for each of TRACES, METRICS and LOGS besides the general one. */
  name: string;
  /** What it does here, for the documentation. */
  effect: string;
  /** What is wrong with a value, and what happens instead; undefined when it works. */
  check: Check;
}

export type Check = (value: string, environment: NodeJS.ProcessEnv, name: string) => string | undefined;

/** For a variable that has no effect here, whatever its value. */
export const unused =
  (reason: string): Check =>
  () =>
    `has no effect here: ${reason}`;

export const anything: Check = () => undefined;

export function oneOf(known: readonly string[], otherwise: string): Check {
  return (value) => (known.includes(value) ? undefined : `is none of ${known.join(', ')}: ${otherwise}`);
}

export function wholeNumber(least: 0 | 1): Check {
  return (value) =>
    /^\d{1,15}$/.test(value) && Number(value) >= least
      ? undefined
      : `is not a whole number of at least ${least}: the default is used`;
}

/** Pairs of `key=value`, percent-encoded, with commas between them. */
export function pairs(key: RegExp, otherwise: string): Check {
  return (value) => {
    const bad = value.split(',').find((pair) => pair.trim() !== '' && !isPair(pair, key));
    return bad === undefined ? undefined : `must be written as key=value,key=value: ${otherwise}`;
  };
}

function isPair(pair: string, key: RegExp): boolean {
  const at = pair.indexOf('=');
  if (at < 1 || !key.test(pair.slice(0, at).trim())) return false;
  try {
    decodeURIComponent(pair.slice(at + 1));
    return true;
  } catch {
    return false;
  }
}
