import { sqlTokens } from './sql-literals';

const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/i;
/** Hashes and ids: sixteen or more hexadecimal characters, with a digit among them. */
const LONG_HEX = /\b(?=[a-f]*\d)[0-9a-f]{16,}\b/i;
const DATE_OF_AN_INTERFACE = /^\d{4}-\d{2}-\d{2}$/;

/** The value in a name that should be the same for all values; undefined if there is none. */
export function valueInName(name: string): string | undefined {
  return name.includes('/') ? valueInPath(name) : valueInWords(name);
}

/** The segment of a path that looks like somebody's id. Versions (v1), dates of an interface and error pages do not. */
export function valueInPath(path: string): string | undefined {
  const segments = (path.split('?', 1)[0] ?? '').split('/');
  return segments.find((segment, at) => {
    if (DATE_OF_AN_INTERFACE.test(segment)) return false;
    if (/^[1-5]\d\d$/.test(segment) && /^(errors?|status)$/i.test(segments[at - 1] ?? '')) return false;
    return (
      /^-?\d+(\.\d+)?$/.test(segment) || UUID.test(segment) || LONG_HEX.test(segment) || /@.+\./.test(segment)
    );
  });
}

/** A UUID, a hash or a bare number. */
export function bareId(text: string): string | undefined {
  return UUID.exec(text)?.[0] ?? LONG_HEX.exec(text)?.[0] ?? /^-?\d+$/.exec(text)?.[0];
}

function valueInWords(name: string): string | undefined {
  const id = bareId(name);
  if (id) return id;
  for (const { kind, text } of sqlTokens(name)) {
    if (kind === 'string' || kind === 'number') return text;
  }
  return undefined;
}
