import type { Random } from '@app/load';
import { inParallel } from '../support/in-parallel';
import type { Answer, RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly } from './figures';
import { nested, PROTOTYPE_NAMES } from './fuzzed-request';
import type { Figure, Row, Run } from './row';

const SLOW = '/demo/enable-slow-queries';
const EXHAUST = '/demo/simulate-pool-exhaustion';
const CHANGES = [SLOW, EXHAUST, '/demo/reset'];
const TOKEN = 'only-for-the-stage-1234';

/** Each setting of a fault with its largest allowed value. */
const SETTINGS: [route: string, field: string, most: number][] = [
  [SLOW, 'delay_ms', 30_000],
  [SLOW, 'ttl_seconds', 3_600],
  [EXHAUST, 'connections', 100],
  [EXHAUST, 'ttl_seconds', 3_600],
];

/** JSON text that is not a valid setting. */
const NO_SETTING = [
  ...['0', '-1', '-0', '1e9', '1e309', '-1e309', '1e-9', '2.5', '0.999', '9007199254740993', '2147483648'],
  ...['"x"', '"2900"', '"5 "', '""', '"\\u0000"', '"1e3"', 'null', 'true', 'false'],
  ...['[]', '[5]', '{}', '{"valueOf":5}', '{"$gt":1}'],
  ...['[', '{"a":', '{"__proto__":'].flatMap((opening) =>
    [10, 100, 4_000].map((depth) => nested(opening, depth)),
  ),
];
const NO_OBJECT = [
  '[]',
  '[{"delay_ms":5}]',
  '5',
  '"5"',
  'null',
  'true',
  'NaN',
  '{',
  '{"delay_ms":NaN}',
  '{}}',
];
const TOO_LARGE = JSON.stringify({ delay_ms: 5, padding: 'x'.repeat(2 ** 20) });

interface Attempt {
  route: string;
  body?: string;
  authorization?: string;
  /** Whether this answer is the required refusal. */
  refused(answer: Answer): boolean;
}

export const FAULT_ABUSE: Row = {
  id: 'R9',
  claim: 'Faults are refused to whoever has no token, and whatever is asked beyond their limits',
  byTime: false,
  async measure(run) {
    const system = await System.start();
    try {
      return await abuse(system, run);
    } finally {
      await system.stop();
    }
  },
};

async function abuse(system: System, { full, random, progress }: Run): Promise<Figure[]> {
  const [open, guarded, off] = await Promise.all([
    system.service('inventory'),
    system.service('order', { CHAOS_TOKEN: TOKEN, LOG_LEVEL: 'debug' }),
    system.service('product', { CHAOS_TOKEN: TOKEN, CHAOS_ENABLED: 'false' }),
  ]);
  const settings = badSettings(random, full ? 2_000 : 25);
  const bodies = unreadable();
  const strangers = withoutToken(random, full ? 1_000 : 25);
  const disabled = CHANGES.map((route) => ({ route, authorization: `Bearer ${TOKEN}`, refused: is(403) }));

  progress(`${strangers.length} requests without the token`);
  const notRefused = [
    ...(await attempt(guarded, strangers)),
    ...(await attempt(off, [...strangers.map((one) => ({ ...one, refused: is(403) })), ...disabled])),
  ];
  progress(`${settings.length} settings beyond the limits`);
  const notNamed = await attempt(open, settings);
  progress(`${bodies.length} bodies that are no settings`);
  const notRead = [...(await attempt(open, bodies)), ...(await attempt(guarded, bodies))];
  const declared = await system.sql('SELECT * FROM demo_faults');
  const held = await system.openConnections();
  progress('the largest settings');
  const longest = await largestTaken(system, open);
  const alive = [open, guarded, off].filter(({ process }) => process.exitCode === null).length;
  return [
    none('without the token: not answered 401 or 403', notRefused, strangers.length * 2 + disabled.length),
    none('settings beyond the limits: not answered 400 with the field', notNamed, settings.length),
    none('no settings at all: not answered 400 or 413', notRead, bodies.length * 2),
    exactly('faults declared by all of these', declared.length, 0),
    exactly('connections open after them, of 3 services', held, 3),
    exactly('longest delay that is taken, s', longest.delaySeconds, 30),
    exactly('longest time that a fault lasts, min', longest.ttlMinutes, 60),
    exactly(
      'times the token is in a log',
      [guarded, off].filter((one) => one.output.includes(TOKEN)).length,
      0,
    ),
    exactly('processes alive', alive, 3),
  ];
}

/** Sends all of them, and returns those that were not refused as required. */
async function attempt(service: RunningService, attempts: Attempt[]): Promise<string[]> {
  const wrong = await inParallel(attempts, 20, async ({ route, body, authorization, refused }) => {
    const answer = await service.post(route, body, authorization ? { Authorization: authorization } : {});
    if (refused(answer)) return [];
    return [`${route} ${authorization ?? ''} ${body?.slice(0, 100) ?? ''}: ${answer.status}`];
  });
  return wrong.flat();
}

/** A bad value in each field, with everything else valid. */
function badSettings(random: Random, atRandom: number): Attempt[] {
  return SETTINGS.flatMap(([route, field, most]) => {
    const values = [...NO_SETTING, `${most + 1}`];
    for (let count = 0; count < atRandom; count++) values.push(beyond(random, most));
    const unknown = ['surprise', ...PROTOTYPE_NAMES, 'holder', 'delay_ms\\u0000', field.toUpperCase()];
    return [
      ...values.map((value) => ({ route, body: `{"${field}":${value}}`, refused: names(field) })),
      // The last of two is the one that counts.
      { route, body: `{"${field}":5,"${field}":1e9}`, refused: names(field) },
      ...unknown.map((name) => ({ route, body: `{"${name}":5}`, refused: names(JSON.parse(`"${name}"`)) })),
    ];
  });
}

/** A number or a text that is outside 1 to `most`, or not a whole number. */
function beyond(random: Random, most: number): string {
  const size = 10 ** random.between(0, 300);
  switch (random.between(0, 3)) {
    case 0:
      return String(-Math.floor(random.next() * size));
    case 1:
      return String(most + 1 + Math.floor(random.next() * size));
    case 2:
      return String(random.between(0, most - 1) + 0.001 + random.next() * 0.998);
    default:
      return JSON.stringify(
        String.fromCharCode(...Array.from({ length: 8 }, () => random.between(0, 0xffff))),
      );
  }
}

function unreadable(): Attempt[] {
  return [SLOW, EXHAUST].flatMap((route) => [
    ...NO_OBJECT.map((body) => ({ route, body, refused: is(400) })),
    { route, body: TOO_LARGE, refused: is(413) },
  ]);
}

/** Valid requests, except for the token. */
function withoutToken(random: Random, atRandom: number): Attempt[] {
  const wrong = [TOKEN.slice(0, -1), `${TOKEN}5`, TOKEN.toUpperCase(), '*', 'null', 'x'.repeat(10_000)];
  for (let count = 0; count < atRandom; count++) {
    const index = random.between(0, TOKEN.length - 1);
    wrong.push(
      TOKEN.slice(0, index) + String.fromCharCode(random.between(0x21, 0x7e)) + TOKEN.slice(index + 1),
    );
  }
  const basic = Buffer.from(`:${TOKEN}`).toString('base64');
  const noBearer = [undefined, TOKEN, 'Bearer', 'Bearer ', `Basic ${basic}`, `Bearer ${TOKEN} ${TOKEN}`];
  return CHANGES.flatMap((route) => [
    ...noBearer.map((authorization) => ({ route, authorization, refused: isChallenged })),
    ...wrong
      .filter((token) => token !== TOKEN)
      .map((token) => ({ route, authorization: `Bearer ${token}`, refused: is(403) })),
    { route: `${route}?token=${TOKEN}&access_token=${TOKEN}`, refused: isChallenged },
    {
      route,
      body: JSON.stringify({ token: TOKEN, Authorization: `Bearer ${TOKEN}` }),
      refused: isChallenged,
    },
  ]);
}

/** The largest delay and the largest time to live, requested repeatedly: they are not added up. */
async function largestTaken(system: System, service: RunningService) {
  for (let count = 0; count < 3; count++) await service.post(SLOW, { delay_ms: 30_000, ttl_seconds: 3_600 });
  const [row] = await system.sql(`SELECT (settings->>'delay_ms')::float8 / 1000 AS "delaySeconds",
    ceil(extract(epoch FROM expires_at - now()) / 60)::int AS "ttlMinutes" FROM demo_faults`);
  await service.post('/demo/reset');
  return row as { delaySeconds: number; ttlMinutes: number };
}

function is(status: number): (answer: Answer) => boolean {
  return (answer) => answer.status === status && answer.body.status === status;
}

function isChallenged({ status, headers }: Answer): boolean {
  return status === 401 && headers.get('www-authenticate') === 'Bearer';
}

function names(field: string): (answer: Answer) => boolean {
  return ({ status, body }) => status === 400 && body.errors?.some((error: any) => error.field === field);
}

function none(name: string, wrong: string[], of: number): Figure {
  const measured = `${wrong.length} of ${of}${wrong.length ? `, such as ${wrong[0]}` : ''}`;
  return { name, measured, mustReach: '0', holds: wrong.length === 0 };
}
