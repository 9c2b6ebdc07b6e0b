import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeTraces } from '@app/otlp';
import {
  type Attributes,
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  TracerProvider as SdkProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import { Delivery } from '../export/delivery';
import type { HttpOptions } from '../export/otlp-delegate';
import { DirectTracerProvider } from './direct-tracer';
import { SpanQueue } from './span-queue';
import { SpanSender } from './span-sender';

const RESOURCE = resourceFromAttributes({ 'service.name': 'a-service', 'service.version': '1.2.3' });
const START = new Date(1_800_000_000_123);
// Its nanoseconds fit into a double.
const END = [1_800_000_001, 987_500_000] as [number, number];

const CALLER = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
  traceState: createTraceState('vendor=value'),
});
const ELSEWHERE = { traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), traceFlags: 1 };

/** Ways to use a tracer, by name. */
const STORIES: Record<string, (provider: TracerProvider) => Span[]> = {
  'a root without anything': (provider) => [start(provider, {}, ROOT_CONTEXT)],
  'a child of a caller in another process': (provider) => [start(provider, {}, CALLER)],
  'every type of attribute': (provider) => [
    start(provider, {
      text: 'plain',
      unicode: 'Größe 日本 🚀',
      empty: '',
      long: 'x'.repeat(300),
      zero: 0,
      one: 1,
      byte: 127,
      two_bytes: 128,
      large: 2 ** 40,
      largest: Number.MAX_SAFE_INTEGER,
      beyond: 2 ** 60,
      negative: -1,
      very_negative: -(2 ** 53),
      fraction: 0.1,
      tiny: -1e-300,
      huge: 1e300,
      infinite: Number.POSITIVE_INFINITY,
      yes: true,
      no: false,
      texts: ['a', 'b', 'ü'],
      numbers: [1, -2, 3.5],
      none: [],
      nothing: undefined,
    }),
  ],
  'frozen attributes, twice': (provider) => {
    const attributes = Object.freeze({ 'db.system': 'postgresql', 'server.port': 5432 });
    return [start(provider, attributes), start(provider, attributes)];
  },
  'attributes set later, and again': (provider) => {
    const span = start(provider, { first: 1, second: 'two' });
    span.setAttribute('third', 3).setAttributes({ first: 'one', fourth: true });
    return [span];
  },
  'a status, a name and a kind': (provider) => {
    const client = start(provider, {}, CALLER, SpanKind.CLIENT);
    client.updateName('SELECT products').setStatus({ code: SpanStatusCode.ERROR });
    const server = start(provider, {}, CALLER, SpanKind.SERVER);
    server.setStatus({ code: SpanStatusCode.ERROR, message: 'it failed' });
    return [client, server];
  },
  'events and links': (provider) => {
    const span = start(provider, {});
    span.addEvent('happened', { where: 'here', times: 3 }, START);
    span.addEvent('again', START);
    span.addLink({ context: ELSEWHERE, attributes: { why: 'follows' } });
    return [span];
  },
};

describe('spans that are encoded directly', () => {
  let backend: Server;
  let delivery: Delivery;
  let bodies: Buffer[];

  beforeAll(async () => {
    backend = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      bodies.push(Buffer.concat(chunks));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(backend, 'listening');
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    bodies = [];
  });
  afterAll(() => {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    backend.closeAllConnections();
    backend.close();
  });

  it.each(Object.entries(STORIES))('report %s as the SDK does', async (_name, story) => {
    const direct = await sentDirectly(story);
    expect(direct.map(anonymous)).toEqual((await sentBySdk(story)).map(anonymous));
  });

  it('keep the trace flags of the caller: sampled, and that its id is random', async () => {
    const level2 = trace.setSpanContext(ROOT_CONTEXT, { ...ELSEWHERE, traceFlags: 3, isRemote: true });
    let flags = 0;
    await sentDirectly((provider) => {
      const span = start(provider, {}, level2);
      flags = span.spanContext().traceFlags;
      return [span];
    });
    expect(flags).toBe(3);
    // Field 16 of a span, with the bits for a parent that is known and in another process.
    expect(Buffer.concat(bodies).includes(Buffer.from('850103030000', 'hex'))).toBe(true);
  });

  it('keep parents and children together', async () => {
    const [child, parent] = await sentDirectly((provider) => {
      const outer = start(provider, {});
      const inner = start(provider, {}, trace.setSpan(ROOT_CONTEXT, outer));
      return [inner, outer];
    });
    expect(child?.traceId).toBe(parent?.traceId);
    expect(child?.parentSpanId).toBe(parent?.spanId);
    expect(child?.spanId).not.toBe(parent?.spanId);
  });

  it('are not made for a caller that does not sample, but its trace continues', async () => {
    const context = { ...ELSEWHERE, traceFlags: 0, isRemote: true };
    const sent = await sentDirectly((provider) => {
      const span = start(provider, {}, trace.setSpanContext(ROOT_CONTEXT, context));
      expect(span.isRecording()).toBe(false);
      expect(span.spanContext().traceId).toBe(context.traceId);
      return [span];
    });
    expect(sent).toEqual([]);
  });

  it('end once, and do not change any more', async () => {
    const sent = await sentDirectly((provider) => {
      const span = start(provider, { kept: true });
      span.end(END);
      span.setAttribute('late', true).updateName('late').addEvent('late');
      return [span];
    });
    expect(sent).toMatchObject([{ name: 'a span', attributes: { kept: true }, events: [] }]);
  });

  it('have the version and the schema of their scope, as those of the SDK do', async () => {
    const sender = sendingTo(queue(10));
    const exporter = new InMemorySpanExporter();
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    const scope = ['a-scope', '0.1', { schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' }] as const;
    const direct = new DirectTracerProvider((...of) => sender.scope(...of));
    for (const provider of [direct, new SdkProvider({ spanProcessors })])
      provider
        .getTracer(...scope)
        .startSpan('a span')
        .end();
    await sender.shutdown();
    const bySdk = Buffer.from(ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans()) ?? []);
    for (const [name, version, { schemaUrl }] of [scope])
      for (const field of [`\n\x07${name}\x12\x03${version}`, `\x1a\x27${schemaUrl}`])
        expect([bodies[0]?.includes(field), bySdk.includes(field)]).toEqual([true, true]);
  });

  it('are dropped and counted when too many wait', async () => {
    const sender = sendingTo(queue(10));
    const provider = new DirectTracerProvider((...scope) => sender.scope(...scope));
    for (let count = 0; count < 25; count++) start(provider, {}).end(END);
    await sender.shutdown();
    expect(delivery.counts).toEqual({ sent: 10, dropped: 15 });
  });

  it('fill as many requests as they need', async () => {
    const sender = sendingTo(queue(10_000));
    const provider = new DirectTracerProvider((...scope) => sender.scope(...scope));
    for (let count = 0; count < 1_000; count++) start(provider, { text: 'x'.repeat(2_000) }).end(END);
    await sender.shutdown();
    expect(bodies.length).toBeGreaterThan(2);
    expect(bodies.flatMap((body) => decodeTraces(body, 'application/x-protobuf'))).toHaveLength(1_000);
    expect(delivery.counts).toEqual({ sent: 1_000, dropped: 0 });
  });

  it('arrive complete from a resource that is larger than the room in front of them', async () => {
    const long = 'x'.repeat(10_000);
    const [span] = await sentDirectly(
      (provider) => [start(provider, { kept: true })],
      resourceFromAttributes({ 'service.name': 'a-service', long }),
    );
    expect(span).toMatchObject({
      resource: { 'service.name': 'a-service', long },
      attributes: { kept: true },
    });
  });

  it('are dropped one by one when they are larger than a request', async () => {
    const sender = sendingTo(queue());
    const provider = new DirectTracerProvider((...scope) => sender.scope(...scope));
    for (const size of [1, 1_000_000, 2]) start(provider, { text: 'x'.repeat(size) }).end(END);
    await sender.shutdown();
    const sent = bodies.flatMap((body) => decodeTraces(body, 'application/x-protobuf'));
    expect(sent.map(({ attributes }) => attributes.text)).toEqual(['x', 'xx']);
    expect(delivery.counts).toEqual({ sent: 2, dropped: 1 });
  });

  it('are sent from the same memory again and again, each time complete', async () => {
    const sender = sendingTo(queue());
    const provider = new DirectTracerProvider((...scope) => sender.scope(...scope));
    // There is more than one request at a time, so that one is filled while another is on its way.
    for (const first of [0, 1_500]) {
      for (let count = 0; count < 1_500; count++)
        start(provider, { number: first + count, text: 'x'.repeat(1_000) }).end(END);
      await sender.flush();
    }
    await sender.shutdown();
    const sent = bodies.flatMap((body) => decodeTraces(body, 'application/x-protobuf'));
    expect(sent.map(({ attributes }) => attributes.number)).toEqual(
      Array.from({ length: 3_000 }, (_, n) => n),
    );
  });

  it('of a backend that accepts none are dropped, and another gets all of them', async () => {
    const dead = new Delivery('spans', 'nowhere', () => undefined);
    const options = { ...environmentOptions(), url: 'http://127.0.0.1:1/v1/traces', timeoutMillis: 100 };
    const sender = sendingTo(new SpanQueue(options, dead, 10), RESOURCE, queue());
    const provider = new DirectTracerProvider((...scope) => sender.scope(...scope));
    for (let count = 0; count < 25; count++) start(provider, {}).end(END);
    await sender.shutdown();
    expect(delivery.counts).toEqual({ sent: 25, dropped: 0 });
    expect(dead.counts).toMatchObject({ sent: 0, dropped: 25, failing: 'ECONNREFUSED' });
  });

  /** A queue to the backend of this test. */
  function queue(most = 2_048): SpanQueue {
    delivery = new Delivery('spans', 'the backend', () => undefined);
    return new SpanQueue(environmentOptions(), delivery, most);
  }

  async function sentDirectly(story: (provider: TracerProvider) => Span[], resource = RESOURCE) {
    const sender = sendingTo(queue(), resource);
    for (const span of story(new DirectTracerProvider((...scope) => sender.scope(...scope)))) span.end(END);
    await sender.shutdown();
    return bodies.flatMap((body) => decodeTraces(body, 'application/x-protobuf'));
  }
});

function sendingTo(queue: SpanQueue, resource = RESOURCE, ...more: SpanQueue[]): SpanSender {
  return new SpanSender(resource, { maxExportBatchSize: 10, scheduledDelayMillis: 60_000 }, [queue, ...more]);
}

/** The options that `OTEL_EXPORTER_OTLP_*` set. */
function environmentOptions(): HttpOptions {
  return convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': 'application/x-protobuf' });
}

function start(
  provider: TracerProvider,
  attributes: Attributes,
  parent: Context = CALLER,
  kind = SpanKind.INTERNAL,
): Span {
  return provider
    .getTracer('a-scope', '0.1')
    .startSpan('a span', { attributes, kind, startTime: START }, parent);
}

async function sentBySdk(story: (provider: TracerProvider) => Span[]) {
  const exporter = new InMemorySpanExporter();
  const provider = new SdkProvider({
    resource: RESOURCE,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  for (const span of story(provider)) span.end(END);
  await provider.forceFlush();
  const bytes = ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans());
  return decodeTraces(Buffer.from(bytes ?? []), 'application/x-protobuf');
}

/** The span without its random parts. */
function anonymous(span: ReturnType<typeof decodeTraces>[number]) {
  const parent = span.parentSpanId ? 'somebody' : undefined;
  return { ...span, spanId: '', parentSpanId: parent, traceId: parent ? span.traceId : '' };
}
