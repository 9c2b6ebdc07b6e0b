import { Random } from '@app/load';
import type { Row } from './row';

const SEED = 20_261_123;

/** The short form of each row as a test. */
export function shortForms(rows: Row[]): void {
  it.each(rows.map((row) => [row.id, row.claim, row] as const))(
    '%s: %s',
    async (_id, _claim, row) => {
      const figures = await row.measure({ full: false, random: new Random(SEED), progress: () => undefined });
      expect(figures.length).toBeGreaterThan(0);
      expect(figures.filter(({ holds }) => !holds)).toEqual([]);
    },
    120_000,
  );
}
