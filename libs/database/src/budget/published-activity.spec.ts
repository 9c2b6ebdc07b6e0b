import type { Activity } from './activity';
import { ObservationParts, partsOf } from './published-activity';

/** What PostgreSQL reports when so many processes have two connections each. */
function activity(processes: number): Activity {
  const counts = { open: 1, active: 0, idle: 1, idle_in_transaction: 0, waiting_on_lock: 0 };
  const rows = Array.from({ length: processes }, (_, number) => [
    {
      role: 'dbadmin',
      application_name: `inventory-service@7d9f8b6c5d-x2v4q:${number}`,
      ...counts,
      open: number,
    },
    {
      role: 'dbcontrol',
      application_name: `inventory-service@7d9f8b6c5d-x2v4q:${number}/control w=0`,
      ...counts,
    },
  ]).flat();
  return {
    server_ms: 1_800_000_000_000.5,
    limit: 100,
    superuser: false,
    max_connections: 200,
    reserved: 8,
    rows,
  };
}

const seen = (processes: number) => ({
  observer: 'host:1',
  rank: 0,
  quiet: true,
  activity: activity(processes),
});
/** The part after its way through PostgreSQL. */
const arrived = (part: object) => JSON.parse(JSON.stringify({ ...part, topic: 'observed' }));

describe('an activity that is sent to other processes', () => {
  it.each([1, 39, 1_000])(
    'arrives unchanged, with %i processes, in payloads that PostgreSQL accepts',
    (processes) => {
      const sent = partsOf(seen(processes));
      for (const part of sent)
        expect(Buffer.byteLength(JSON.stringify({ ...part, topic: 'observed' }))).toBeLessThan(8_000);
      const parts = new ObservationParts();
      const completed = sent.map((part) => parts.add(arrived(part)));
      expect(completed.slice(0, -1).every((one) => one === undefined)).toBe(true);
      expect(completed.at(-1)).toEqual(seen(processes));
    },
  );

  it('is ignored when one of its parts is missing, and the next one is complete again', () => {
    const [first, ...rest] = partsOf(seen(300)).map(arrived);
    const parts = new ObservationParts();
    parts.add(first);
    expect(rest.slice(1).map((part) => parts.add(part))).not.toContainEqual(expect.anything());
    const again = partsOf(seen(300)).map((part) => parts.add(arrived(part)));
    expect(again.at(-1)).toEqual(seen(300));
  });

  it.each([
    ['of another version', { v: 2 }],
    ['with rows that are none', { rows: [['dbadmin', 'x', 1, 2, 3, 4, 'five']] }],
    ['with a limit that is no number', { limits: [null, 0, 200, 8] }],
    ['without rows', { rows: undefined }],
  ])('is ignored %s: anybody may send a notice', (_, changed) => {
    const [part] = partsOf(seen(1)).map(arrived);
    expect(new ObservationParts().add({ ...part, ...changed })).toBeUndefined();
  });
});
