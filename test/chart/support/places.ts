import { join } from 'node:path';

/** The folder of these tests. */
export const HERE = join(import.meta.dirname, '..');

/** The checkout. */
export const ROOT = join(HERE, '../..');

export const CHART = join(ROOT, 'helm');

/** What the release under test is called unless a test needs another name. */
export const RELEASE = 'demo';
