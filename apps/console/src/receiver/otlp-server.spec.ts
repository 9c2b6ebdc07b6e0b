import { request } from 'node:http';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { spanPayload } from '@app/load';
import { Catalog } from '../catalog/catalog';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { LatestSignals } from '../conformance/latest-signals';
import { LogStore } from '../logs/log-store';
import { SpanStore } from '../spans/span-store';
import { Intake } from './intake';
import { OtlpServer } from './otlp-server';
import { PAYLOAD_LIMIT } from './request-body';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PAYLOAD = spanPayload([
  {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'checkout',
    kind: 1,
    startMs: Date.now() - 12,
    endMs: Date.now(),
    failed: false,
    attributes: {},
  },
]);

/** A receiver on a port of its own, on loopback. */
async function receiver() {
  const configuration = Object.assign(new ConsoleConfiguration(), { CONSOLE_OTLP_PORT: 0 });
  const spans = new SpanStore();
  const intake = new Intake(
    spans,
    new Catalog(new ConsoleConfiguration()),
    new LatestSignals(),
    new LogStore(),
  );
  const server = new OtlpServer(intake, configuration);
  await server.onApplicationBootstrap();
  const post = async (path: string, body: Buffer | string, headers: Record<string, string> = JSON_TYPE) => {
    const init = { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers };
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };
  return { server, spans, intake, post };
}

type Receiver = Awaited<ReturnType<typeof receiver>>;

describe('the OTLP receiver', () => {
  let running: Receiver;
  beforeAll(async () => {
    running = await receiver();
  });
  afterAll(() => running.server.close());

  it('accepts spans, plain and compressed, and answers in the encoding of the request', async () => {
    expect(await running.post('/v1/traces', PAYLOAD)).toEqual({
      status: 200,
      type: 'application/json',
      text: '{}',
    });
    const zipped = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    expect(await running.post('/v1/traces', gzipSync(PAYLOAD), zipped)).toMatchObject({ status: 200 });
    const protobuf = { 'Content-Type': 'application/x-protobuf' };
    expect(await running.post('/v1/logs', '', protobuf)).toEqual({
      status: 200,
      type: 'application/x-protobuf',
      text: '',
    });
    expect(running.spans.trace('0af7651916cd43dd8448eb211c80319c')).toHaveLength(2);
  });

  it.each([
    ['no JSON', '/v1/traces', 'not JSON', JSON_TYPE, 400],
    ['no protobuf', '/v1/metrics', '\xff\xff\xff', { 'Content-Type': 'application/x-protobuf' }, 400],
    ['no gzip', '/v1/traces', '{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, 400],
    ['another encoding', '/v1/traces', '{}', { ...JSON_TYPE, 'Content-Encoding': 'br' }, 415],
    ['another type', '/v1/traces', '{}', { 'Content-Type': 'text/plain' }, 415],
    ['another path', '/v1/profiles', '{}', JSON_TYPE, 404],
    ['too much', '/v1/traces', ' '.repeat(PAYLOAD_LIMIT + 1), JSON_TYPE, 413],
  ])('refuses %s', async (_, path, body, headers, status) => {
    expect(await running.post(path, body, headers as Record<string, string>)).toMatchObject({ status });
  });

  it('refuses what is too large only when it is decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(PAYLOAD_LIMIT * 20, ' '));
    expect(bomb.length).toBeLessThan(PAYLOAD_LIMIT);
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    expect(await running.post('/v1/traces', bomb, headers)).toMatchObject({ status: 413 });
  });

  it('refuses an endless body as soon as it is too large', async () => {
    const status = await new Promise((done, failed) => {
      const url = `http://127.0.0.1:${running.server.port}/v1/traces`;
      const sending = request(url, { method: 'POST', headers: JSON_TYPE }, ({ statusCode }) =>
        done(statusCode),
      );
      // The connection was cut in the middle of the body, after the answer: by then it has no effect any more.
      sending.on('error', failed);
      const more = (): boolean => sending.destroyed || (sending.write(Buffer.alloc(65_536, ' ')) && more());
      sending.on('drain', more);
      more();
    });
    expect(status).toBe(413);
  });

  it('still works after all that, and counts what it refused', async () => {
    expect(await running.post('/v1/traces', PAYLOAD)).toMatchObject({ status: 200 });
    expect(running.intake.statistics.invalid).toBe(2);
  });

  it('accepts every encoding that it names, in upper or lower case', async () => {
    const packed = { GZIP: gzipSync, Deflate: deflateSync, zstd: zstdCompressSync };
    for (const [encoding, pack] of Object.entries(packed)) {
      const headers = { ...JSON_TYPE, 'Content-Encoding': encoding };
      const { status } = await running.post('/v1/traces', pack(PAYLOAD), headers);
      expect([encoding, status]).toEqual([encoding, 200]);
    }
  });

  it('accepts what a Collector sends at once by default: 8,192 spans', async () => {
    const span = JSON.parse(String(PAYLOAD)).resourceSpans[0].scopeSpans[0].spans[0];
    const attributes = Array.from({ length: 18 }, (_, index) => ({
      key: `attribute.${index}`,
      value: { stringValue: 'x'.repeat(50) },
    }));
    const spans = Array.from({ length: 8_192 }, () => ({ ...span, attributes }));
    const payload = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    const before = running.spans.statistics().received;
    expect(await running.post('/v1/traces', payload)).toMatchObject({ status: 200 });
    expect(running.spans.statistics().received).toBe(before + 8_192);
  });

  it('refuses few bytes that would be many objects', async () => {
    const empty = Array.from({ length: 1_500_000 }, () => '{}').join(',');
    expect(await running.post('/v1/traces', `{"resourceSpans":[${empty}]}`)).toMatchObject({ status: 413 });
    const protobuf = { 'Content-Type': 'application/x-protobuf' };
    const spans = Buffer.alloc(3_000_000, Buffer.from([0x12, 0x00]));
    const nested = (field: number, bytes: Buffer) =>
      Buffer.concat([Buffer.from([field]), varint(bytes.length), bytes]);
    const body = nested(0x0a, nested(0x12, spans));
    expect(await running.post('/v1/traces', body, protobuf)).toMatchObject({ status: 413 });
  });

  it.each(['http://evil.example', 'http://localhost:8080', 'null'])(
    'refuses a page of %s',
    async (origin) => {
      const { status } = await running.post('/v1/traces', PAYLOAD, { ...JSON_TYPE, Origin: origin });
      expect(status).toBe(403);
    },
  );

  it('lets a sender read why it is refused, although it is still sending', async () => {
    const { status, text } = await running.post('/v1/traces', Buffer.alloc(2 * PAYLOAD_LIMIT, ' '));
    expect([status, text]).toEqual([413, expect.stringContaining(String(PAYLOAD_LIMIT))]);
  });
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
