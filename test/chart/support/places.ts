import { join } from 'node:path';

/** The folder of these tests. */
export const HERE = join(import.meta.dirname, '..');

/** The checkout. */
export const ROOT = join(HERE, '../..');

export const CHART = join(ROOT, 'helm');

/** The name of the release under test unless a test needs another one. */
export const RELEASE = 'demo';
