import { validateSync } from 'class-validator';
import type { Declaration, Fault } from './fault';
import { settingsSchema, startRequest } from './fault-settings';

/** A row of `demo_faults` as PostgreSQL returns it: anybody with the right to write may have written it. */
export interface DeclaredRow {
  fault: string;
  /** Null if it is too large to be settings. */
  settings: unknown;
  /** Not a Date if it is infinite. */
  started_at: unknown;
  expires_in_ms: number;
}

/** Characters of the longest name of a process. */
const HOLDER_MAX = 63;

/** The declaration in a row, or a sentence that says why there is none in it. */
export function declarationOf(
  row: DeclaredRow,
  faults: readonly Pick<Fault, 'name' | 'settings' | 'actsOn'>[],
): Declaration | string {
  const { fault: name, settings, started_at, expires_in_ms } = row;
  const fault = faults.find((one) => one.name === name);
  if (!fault) return 'there is no such fault';
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    return 'its settings are not a small JSON object';
  if (!(started_at instanceof Date)) return 'it has no time of its start';
  // A declaration must be complete: a default must not replace a setting that the row does not have.
  const lacking = Object.keys(settingsSchema(fault.settings).properties).find(
    (name) => !Object.hasOwn(settings, name),
  );
  if (lacking) return `it does not say ${lacking}`;
  const checked = Object.assign(Object.create(startRequest(fault.settings).prototype), settings, {
    ttl_seconds: Math.ceil(expires_in_ms / 1_000),
  });
  const [wrong] = validateSync(checked);
  if (wrong) return Object.values(wrong.constraints ?? { settings: 'its settings are unusable' })[0] ?? '';
  if (fault.actsOn === 'database' && !isHolder((settings as { holder?: unknown }).holder))
    return 'it does not name the process that holds it';
  return { fault: name, settings, started_at, expires_in_ms };
}

function isHolder(holder: unknown): boolean {
  return typeof holder === 'string' && holder.length <= HOLDER_MAX;
}
