import fc, { type Arbitrary } from 'fast-check';
import type { Operation, Schema } from '../support/open-api';

/** A request as it is sent over the network. */
export interface FuzzedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What people and programs send instead of a number or a name. */
const STRANGE = [
  ...[
    '',
    ' ',
    '0',
    '-0',
    '+5',
    ' 5 ',
    '5.0',
    '1e3',
    '1e309',
    '0x10',
    '05',
    '1_000',
    '٣',
    '½',
    '5,0',
    '9'.repeat(40),
  ],
  ...[
    'NaN',
    'Infinity',
    'null',
    'undefined',
    'true',
    '[]',
    '{}',
    '[object Object]',
    '__proto__',
    'constructor',
  ],
  ...["'; DROP TABLE products; --", '$1', '%', '%00', '\0', '\r\nX: y', '..', '../../etc/passwd', '{{7*7}}'],
  ...['2147483647', '2147483648', '9007199254740993', '-2147483649', '\u202e', '\ufeff', '👩‍👩‍👧', '\ud800'],
];

const strangeText = fc.oneof(
  fc.constantFrom(...STRANGE),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

/** Names that every object inherits: a lookup that treats them as members finds what nobody sent. */
export const PROTOTYPE_NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then'],
  ...['__defineGetter__', '__lookupSetter__', 'isPrototypeOf', 'length'],
];

/** JSON text of a value that is nested so deeply that a recursive function exhausts its stack. */
const deepJson = fc
  .tuple(fc.constantFrom('[', '{"a":', '[{"a":', '{"__proto__":'), fc.integer({ min: 1, max: 4_000 }))
  .map(([opening, depth]) => nested(opening, depth));

/** A value with that many levels, as far as a body of 15 KiB can contain them. */
export function nested(opening: string, depth: number): string {
  const closing = [...opening]
    .reverse()
    .flatMap((one) => ({ '[': ']', '{': '}' })[one] ?? [])
    .join('');
  const fitting = Math.min(depth, Math.floor(15_000 / (opening.length + closing.length)));
  return `${opening.repeat(fitting)}1${closing.repeat(fitting)}`;
}

/** JSON text of a value that has nothing to do with a schema. `JSON.stringify` alone writes neither 1e309 nor -0. */
const strangeJson = fc.oneof(
  fc.constantFrom('1e309', '-1e309', '-0', '1e-400', '0.1e1', '5.0', '5e0', 'null', '"\\ud800"', '"\\u0000"'),
  strangeText.map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  deepJson,
  fc.constantFrom(...PROTOTYPE_NAMES).map((name) => `{"${name}":{"${name}":1}}`),
  fc.double().map(String),
);

/** Bodies that are not objects, or cannot be read. */
const strangeBody = fc.oneof(
  strangeText,
  strangeJson,
  fc.nat(8_000).map((depth) => '['.repeat(depth)),
  deepJson,
  fc.integer({ min: 16_300, max: 17_000 }).map((length) => JSON.stringify('x'.repeat(length))),
);

/** Values that match a schema, mostly at its limits, and values just beyond these. */
function fitting({
  type,
  minimum = 0,
  maximum = 2 ** 31,
  maxLength = 50,
  example,
}: Schema): Arbitrary<unknown> {
  const limits = fc.constantFrom(minimum, maximum, minimum - 1, maximum + 1);
  const examples = example === undefined ? fc.constant('Audio') : fc.constant(example);
  switch (type) {
    case 'integer':
      return fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: minimum, max: Math.min(maximum, minimum + 30) }) },
        { weight: 1, arbitrary: fc.integer({ min: minimum, max: maximum }) },
        limits,
      );
    case 'number':
      return fc.oneof(fc.integer({ min: minimum, max: Math.floor(maximum) }), fc.double(), limits);
    default:
      return fc.oneof(
        examples,
        fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
        fc.constantFrom('x'.repeat(maxLength), 'x'.repeat(maxLength + 1)),
      );
  }
}

/** Any request for the operation: valid ones, almost valid ones, and anything else that HTTP can transport. */
export function fuzzedRequest({
  method,
  path,
  parameters,
  body,
  secured,
}: Operation): Arbitrary<FuzzedRequest> {
  const named = (where: string) => parameters.filter((parameter) => parameter.in === where);
  const inPath = fc.tuple(
    ...named('path').map(({ name, schema }) => pathPart(schema).map((part) => [name, part])),
  );
  const query = fc.tuple(...named('query').map(({ name, schema }) => queryPart(name, schema)), surplusQuery);
  return fc.record({
    method: fc.constant(method),
    path: fc
      .tuple(inPath, query)
      .map(([parts, pairs]) => filled(path, parts as [string, string][]) + search(pairs.flat())),
    headers: headers(named('header'), body !== undefined, secured),
    body: body ? bodyText(body) : fc.constant(undefined),
  });
}

function pathPart(schema: Schema): Arbitrary<string> {
  const raw = fc.constantFrom('%ff', '%2e%2e', '%2F', '%00', '%', '.', '..', ';', '5;a=1', "'");
  const text = fc.oneof(
    { weight: 4, arbitrary: fitting(schema).map(String) },
    { weight: 1, arbitrary: strangeText },
  );
  return fc.oneof(
    { weight: 12, arbitrary: text.map(encoded).filter((part) => part !== '') },
    { weight: 1, arbitrary: raw },
  );
}

function queryPart(name: string, schema: Schema): Arbitrary<string[]> {
  const value = fc.oneof(
    { weight: 6, arbitrary: fitting(schema).map(String) },
    { weight: 1, arbitrary: strangeText },
  );
  const once = value.map((text) => [`${name}=${encoded(text)}`]);
  const odd = fc.constantFrom<string[][]>(
    [name],
    [`${name}[]=1`],
    [`${name}[a]=1`],
    [`${name}=1`, `${name}=2`],
    [`${name}=%ff`],
  );
  return fc.oneof(
    { weight: 8, arbitrary: once },
    { weight: 8, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: odd },
  );
}

/** Parameters that are not declared. */
const surplusQuery = fc.oneof(
  { weight: 25, arbitrary: fc.constant<string[]>([]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(strangeText, strangeText)
      .map(([name, value]) => [`${encoded(name)}=${encoded(value)}`]),
  },
);

function filled(path: string, parts: [name: string, part: string][]): string {
  return parts.reduce((soFar, [name, part]) => soFar.replace(`{${name}}`, () => part), path);
}

function search(pairs: string[]): string {
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Everything that Node lets a client send in a header. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 300,
});

function headers(
  declared: Operation['parameters'],
  hasBody: boolean,
  secured: boolean,
): Arbitrary<Record<string, string>> {
  const some: Record<string, Arbitrary<string>> = {
    Accept: fc.constantFrom('*/*', 'text/html', 'application/xml', 'x'),
    'Accept-Encoding': fc.constantFrom('gzip', 'br', 'identity;q=0', '*'),
    'If-None-Match': fc.constantFrom('*', '"a"'),
    Range: fc.constant('bytes=0-0'),
    Origin: fc.constant('http://elsewhere.example'),
    traceparent: fc.oneof(fc.constant('00-aaf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'), headerText),
    tracestate: headerText,
    ...(secured && {
      Authorization: fc.oneof(
        headerText,
        headerText.map((text) => `Bearer ${text}`),
      ),
    }),
    ...(hasBody && {
      'Content-Type': fc.oneof(
        fc.constantFrom(
          'application/json',
          'text/plain',
          'application/json; charset=latin1',
          'multipart/form-data',
        ),
        headerText,
      ),
      'Content-Encoding': fc.constantFrom('identity', 'gzip', 'deflate', 'br', 'zstd', 'x'),
    }),
  };
  const rarely = Object.entries(some).map(([name, arbitrary]) =>
    fc
      .oneof({ weight: 25, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
      .map((value) => [name, value] as const),
  );
  // There are few keys, so that they occur again, with the same body and with others.
  const keys = fc.oneof(
    fc.integer({ min: 0, max: 50 }).map((key) => `key-${key}`),
    headerText,
  );
  const often = declared.map(({ name }) =>
    fc.option(keys, { nil: undefined }).map((value) => [name, value] as const),
  );
  return fc.tuple(...often, ...rarely).map((pairs) => {
    const present = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
    return Object.fromEntries(present);
  });
}

function bodyText({ properties = {} }: Schema): Arbitrary<string | undefined> {
  const members = Object.entries(properties).map(([name, schema]) => {
    const good = fitting(schema).map((value) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    const bad = strangeJson.map((json) => `${JSON.stringify(name)}:${json}`);
    return fc.oneof(
      { weight: 40, arbitrary: good },
      { weight: 2, arbitrary: bad },
      { weight: 1, arbitrary: fc.constant('') },
    );
  });
  const surplus = fc.oneof(
    { weight: 25, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.oneof(strangeText, fc.constantFrom(...PROTOTYPE_NAMES)), strangeJson)
        .map(([name, json]) => `${JSON.stringify(name)}:${json}`),
    },
  );
  const object = fc
    .tuple(...members, surplus)
    .map((parts) => `{${parts.filter((part) => part !== '').join()}}`);
  return fc.oneof(
    { weight: 30, arbitrary: object },
    { weight: 1, arbitrary: fc.tuple(object, fc.nat(60)).map(([text, length]) => text.slice(0, length)) },
    { weight: 1, arbitrary: strangeBody },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}
