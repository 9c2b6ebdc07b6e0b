import { Random } from '../apps/console/src/load/random';
import { ROWS } from './reliability/rows';

const SEED = 20_261_123;

describe('the reliability table, in short', () => {
  it.each(ROWS.map((row) => [row.id, row.claim, row] as const))(
    '%s: %s',
    async (_id, _claim, row) => {
      const figures = await row.measure({ full: false, random: new Random(SEED), progress: () => undefined });
      expect(figures.length).toBeGreaterThan(0);
      expect(figures.filter(({ holds }) => !holds)).toEqual([]);
    },
    120_000,
  );
});
