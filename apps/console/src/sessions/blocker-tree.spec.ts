import type { Waiting } from '@app/observer';
import { type Blocker, blockerTrees } from './blocker-tree';

function waits(pid: number, ...blocked_by: number[]): Waiting {
  return { pid, lock: 'relation', mode: 'AccessShareLock', relation: 'products', blocked_by };
}

function text({ pid, blocks, deadlock }: Blocker): string {
  const below = blocks.length > 0 ? `(${blocks.map(text).join(' ')})` : '';
  return `${pid}${deadlock ? '!' : ''}${below}`;
}

const trees = (...waiting: Waiting[]) => blockerTrees(waiting).map(text);

describe('who waits for whom', () => {
  it('is empty while no session waits', () => {
    expect(trees()).toEqual([]);
  });

  it('begins with sessions that wait for no other', () => {
    expect(trees(waits(2, 1), waits(3, 2), waits(4, 2), waits(6, 5))).toEqual(['1(2(3 4))', '5(6)']);
  });

  it('has each session once, even one that waits for several', () => {
    expect(trees(waits(2, 1), waits(3, 2, 1), waits(4, 3, 2, 1))).toEqual(['1(2(3(4)))']);
  });

  it('shows a circle, and the sessions that wait for it', () => {
    expect(trees(waits(1, 2), waits(2, 1), waits(3, 1))).toEqual(['1!(2 3)']);
  });

  it('says what each waits for', () => {
    expect(blockerTrees([waits(2, 1)])).toEqual([
      {
        pid: 1,
        blocks: [
          {
            pid: 2,
            waits_for: { lock: 'relation', mode: 'AccessShareLock', relation: 'products' },
            blocks: [],
          },
        ],
      },
    ]);
  });

  it('terminates for the longest chain', () => {
    const chain = Array.from({ length: 500 }, (_, pid) => waits(pid + 1, pid));
    expect(blockerTrees(chain)).toHaveLength(1);
  });
});
