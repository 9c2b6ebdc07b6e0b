import { join, relative, resolve } from 'node:path';
import { PRODUCT_ROOT } from '@app/configuration';

/** The checkout from which this program was compiled. */
export const CHECKOUT = PRODUCT_ROOT;

/** The program of a service or of the console, as the build makes it. */
export function program(name: string): string {
  return join(CHECKOUT, 'dist', `${name}.js`);
}

/** Everything that a local start keeps, in one folder that git ignores. */
export const DATA_DIR = resolve(process.env.DATA_DIR || join(CHECKOUT, '.data'));

export const POSTGRES_DATA = join(DATA_DIR, 'postgres');
export const CREDENTIALS = join(DATA_DIR, 'credentials.json');
export const LOGS = join(DATA_DIR, 'logs');
/** Held by the one start, or reset of data, of this checkout. */
export const LOCK = join(DATA_DIR, 'start.pid');

/** A path as a person in the checkout would type it. */
export function shortPath(path: string): string {
  const short = relative(CHECKOUT, path);
  return short.startsWith('..') ? path : short;
}
