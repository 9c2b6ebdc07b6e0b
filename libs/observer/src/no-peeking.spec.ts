import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Observation, sampleOf } from './observer';

const LIBRARIES = ['diagnosis', 'observer'].map((name) =>
  join(__dirname, '../..', '..', 'libs', name, 'src'),
);

/** Names that only the demo itself knows: its tables, metrics, attributes, schemas and the marks in its names. */
const SWITCHES = [
  /demo_faults/,
  /demo[._](fault|db)/,
  /db\.simulation/,
  /\bheld\b/,
  /\bslow\.(products|orders)|noindex/,
  /chaos/i,
];

describe('the diagnosis', () => {
  it('reads nothing that says which fault is on', () => {
    const files = LIBRARIES.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
        .map((file) => join(folder, file)),
    );
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect([file, SWITCHES.filter((mark) => mark.test(text))]).toEqual([file, []]);
    }
  });

  it('does not see the purpose in the name of a session', () => {
    const session = {
      pid: 1,
      role: 'dbadmin',
      database: 'productcatalog',
      state: 'idle',
      wait: 'Client/ClientRead',
      since_start: 9,
      since_state_change: 9,
      since_transaction_start: 0,
      snapshot: false,
      query: '',
    };
    const named = (application_name: string): Observation => ({
      at: 0,
      clients: [],
      database: {
        roundTripMs: 1,
        sessions: [{ ...session, application_name }],
        waiting: [],
        counters: { rollbacks: 0, deadlocks: 0, sessions: 0, sessions_killed: 0, temp_bytes: 0 },
        server: { startedAt: 0, maxConnections: 200, reserved: 3, roleLimit: 100 },
      },
    });
    const marked = sampleOf(named('order-service@host:1 held'));
    expect(marked).toEqual(sampleOf(named('order-service@host:1')));
    expect(JSON.stringify(marked)).not.toContain('held');
  });
});
