import type { Agent } from 'node:http';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import { followSystemClock } from '../clock';
import type { ExportCounts } from '../export-counts';
import { attributeBytes } from './attribute-bytes';
import type { DirectSpan, EndedSpans } from './direct-span';
import { SpanBatch, scopeBytes } from './span-batch';
import { delimited } from './span-bytes';

/** As `OTEL_BSP_*` says. */
export interface Batching {
  /** Spans that may wait to be sent; more are dropped. */
  maxQueueSize?: number;
  maxExportBatchSize?: number;
  scheduledDelayMillis: number;
  /** Milliseconds that a request may take, its repetitions included. */
  exportTimeoutMillis?: number;
}

interface Request {
  bytes: Buffer;
  spans: number;
}

/**
 * Collects the bytes of spans and sends them one request after the other, by the transport of the OTLP exporter: with
 * its endpoint, headers, compression, TLS, timeout and retries. A backend that is slow or away costs spans, never
 * memory or requests.
 */
export class SpanSender {
  readonly counts: ExportCounts = { sent: 0, dropped: 0 };
  private readonly maxWaiting: number;
  private readonly maxInBatch: number;
  private readonly transport: Transport;
  private readonly open = new Map<string, SpanBatch>();
  private readonly full: SpanBatch[] = [];
  /** Buffers of earlier batches. */
  private readonly spare: Buffer[] = [];
  /** Spans that are not sent yet. */
  private waiting = 0;
  private sending?: Promise<void>;
  private resourceBytes?: Buffer;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly resource: Resource,
    { maxQueueSize = 2_048, maxExportBatchSize = 512, scheduledDelayMillis, exportTimeoutMillis }: Batching,
  ) {
    this.transport = transport(exportTimeoutMillis);
    this.maxWaiting = maxQueueSize;
    this.maxInBatch = Math.min(maxExportBatchSize, maxQueueSize);
    this.timer = setInterval(() => {
      followSystemClock();
      this.closeBatches();
    }, scheduledDelayMillis);
    this.timer.unref();
  }

  /** Where the spans of an instrumentation scope go when they end. */
  scope(name: string, version?: string): EndedSpans {
    const bytes = scopeBytes(name, version);
    const key = bytes.toString('latin1');
    return { add: (span) => this.add(span, key, bytes) };
  }

  /** Sends what there is; resolves when the backend took it, or did not. */
  async flush(): Promise<void> {
    this.closeBatches();
    while (this.sending) await this.sending;
  }

  async shutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    await this.transport.exporter.shutdown();
  }

  private add(span: DirectSpan, key: string, scope: Buffer): void {
    if (this.waiting >= this.maxWaiting) {
      this.counts.dropped++;
      return;
    }
    let batch = this.open.get(key) ?? this.newBatch(key, scope);
    if (!batch.add(span)) {
      this.close(key, batch);
      batch = this.newBatch(key, scope);
      // Larger than a whole batch: nothing of ours comes near it.
      if (!batch.add(span)) return void this.counts.dropped++;
    }
    this.waiting++;
    if (batch.spans >= this.maxInBatch) this.close(key, batch);
  }

  private newBatch(key: string, scope: Buffer): SpanBatch {
    const batch = new SpanBatch(scope, this.spare.pop());
    this.open.set(key, batch);
    return batch;
  }

  private closeBatches(): void {
    for (const [key, batch] of this.open) if (batch.spans > 0) this.close(key, batch);
  }

  private close(key: string, batch: SpanBatch): void {
    this.open.delete(key);
    this.useAgain(batch.seal());
    this.full.push(batch);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
  }

  private async sendAll(): Promise<void> {
    if (!this.resourceBytes) {
      // The id of the host is read from a file.
      await this.resource.waitForAsyncAttributes?.();
      this.resourceBytes = delimited(0x0a, attributeBytes(this.resource.attributes, 1));
    }
    for (let batch = this.full.shift(); batch; batch = this.full.shift()) {
      const { spans } = batch;
      const sent = await this.send({ bytes: batch.request(this.resourceBytes), spans });
      this.counts[sent ? 'sent' : 'dropped'] += spans;
      this.waiting -= spans;
      // One that was cut may still be on its way through a socket.
      if (sent) this.useAgain(batch.empty());
    }
  }

  private useAgain(bytes: Buffer | undefined): void {
    if (bytes) this.spare.push(bytes);
  }

  private async send(request: Request): Promise<boolean> {
    const { exporter, limitMs, cut } = this.transport;
    // Its own limit is one of silence: with a byte now and then, a backend would hold up all spans for ever.
    const limit = setTimeout(cut, limitMs);
    const sent = await new Promise<boolean>((resolve) =>
      exporter.export(request, ({ code }) => resolve(code === 0)),
    );
    clearTimeout(limit);
    return sent;
  }
}

interface Transport {
  exporter: OTLPExporterBase<Request>;
  /** Milliseconds that a request may take, its repetitions included. */
  limitMs: number;
  /** Ends the request that is under way. */
  cut(): void;
}

/** As the exporter of spans for `http/protobuf` has it, but for the encoding, which is done. */
function transport(exportTimeoutMillis = Number.POSITIVE_INFINITY): Transport {
  const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', {
    'Content-Type': 'application/x-protobuf',
  });
  options.timeoutMillis = Math.min(options.timeoutMillis, exportTimeoutMillis);
  const { agentFactory } = options;
  let agent: Agent | undefined;
  options.agentFactory = async (protocol) => {
    agent = await agentFactory(protocol);
    return agent;
  };
  const { deserializeResponse } = ProtobufTraceSerializer;
  const serializer = { serializeRequest: ({ bytes }: Request) => bytes, deserializeResponse };
  const count = { name: 'span' as const, countItems: ({ spans }: Request) => spans };
  const delegate = createOtlpHttpExportDelegate(
    options,
    serializer,
    'otlp_http_span_exporter',
    count,
    undefined,
  );
  return {
    exporter: new OTLPExporterBase(delegate),
    limitMs: options.timeoutMillis,
    cut: () => agent?.destroy(),
  };
}
