import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from './diagnose';
import type { Features } from './features/features';
import type { Subject } from './sample';

/** Two windows of measurements from a trial, as `npm run test:diagnosis -- --record` wrote them. */
interface Recorded {
  trial: string;
  truth: string;
  subject: Subject;
  now: Features;
  rest: Features;
}

const RECORDED = readFileSync(join(__dirname, 'recorded-windows.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

describe('windows of real failures', () => {
  it.each(RECORDED)('are named after the fault that was made: $trial', ({ truth, now, rest, subject }) => {
    expect(diagnose(now, rest, subject)[0]?.failure.name ?? 'healthy').toBe(truth);
  });

  it.each(RECORDED)('are healthy at rest, before the fault was made: $trial', ({ rest, subject }) => {
    expect(diagnose(rest, rest, subject)).toEqual([]);
  });

  it('of a silent network are not named after the connections that fall silent', () => {
    const { now, rest, subject } = RECORDED.find(({ trial }) => trial === 'network-half-open-80') as Recorded;
    const more = {
      ...now,
      sessions: { ...now.sessions, own: now.sessions.own + 3, stale: now.sessions.stale + 3 },
    };
    expect(diagnose(more, rest, subject).map(({ failure }) => failure.name)).toEqual(['network-half-open']);
  });
});
