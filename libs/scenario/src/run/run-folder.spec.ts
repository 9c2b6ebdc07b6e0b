import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run, Sample } from './run';
import { RunFolder, readLive, readRun, viewAtRest } from './run-folder';

const RUN = { format: 1, how: 'finished' } as Run;

describe('the folder of a run', () => {
  const parent = mkdtempSync(join(tmpdir(), 'run-folder-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));
  const made = (name: string) => new RunFolder(join(parent, name));
  const view = (at: number, enabled: boolean) =>
    JSON.stringify({ at, services: [{ faults: [{ enabled }] }] });

  it('can be read while the run goes on, as far as it has come', async () => {
    const folder = made('going-on');
    folder.sample({ t: 1 } as Sample);
    folder.event('view', view(1, false));
    const seen: number[] = [];
    await folder.keep({ ...RUN, how: 'unfinished' }, (samples) => {
      seen.push(samples.length);
      return 'a report';
    });
    expect(readRun(folder.path).how).toBe('unfinished');
    expect(readLive(folder.path)).toHaveLength(1);
    expect(seen).toEqual([1]);
    await folder.end(RUN, () => 'a report');
  });

  it('has the end of the run, whatever is told or kept while it is written', async () => {
    const folder = made('ended');
    folder.event('view', view(1, false));
    const kept = folder.keep({ ...RUN, how: 'unfinished' }, () => 'too late');
    const ended = folder.end(RUN, () => 'a report');
    folder.event('view', view(2, false));
    folder.sample({ t: 2 } as Sample);
    await Promise.all([kept, ended]);
    expect(readRun(folder.path).how).toBe('finished');
    expect(readLive(folder.path)).toHaveLength(1);
  });

  it('knows what the page showed last before a fault was on', async () => {
    const folder = made('at-rest');
    for (const [at, enabled] of [
      [1, false],
      [2, false],
      [3, true],
      [4, false],
    ] as const)
      folder.event('view', view(at, enabled));
    await folder.end(RUN, () => 'a report');
    expect(viewAtRest(folder.path)).toMatchObject({ at: 2 });
    expect(() => viewAtRest(parent)).toThrow(/ENOENT/);
  });
});
