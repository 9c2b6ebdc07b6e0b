import * as conventions from '@opentelemetry/semantic-conventions/incubating';

const valuesOf = (prefix: string) =>
  new Set(
    Object.entries(conventions as Record<string, unknown>)
      .filter(([name]) => name.startsWith(prefix))
      .map(([, value]) => String(value)),
  );

/** The values of `db.system` and of `db.system.name` in the installed semantic conventions. */
const OLD = valuesOf('DB_SYSTEM_VALUE_');
const CURRENT = valuesOf('DB_SYSTEM_NAME_VALUE_');

/** Products outside the registry are named after their maker, as the registry does: `maker.product`. */
const QUALIFIED = /^[a-z0-9_]+\.[a-z0-9_]+$/;

/** What is wrong with the name of a product; undefined if nothing is. */
export function systemFault(attribute: 'db.system' | 'db.system.name', value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return `${attribute} is ${JSON.stringify(value)}`;
  const known = attribute === 'db.system' ? OLD : CURRENT;
  if (known.has(value) || QUALIFIED.test(value)) return undefined;
  return `${attribute} is ${JSON.stringify(value)}, which is no value of the registry`;
}
