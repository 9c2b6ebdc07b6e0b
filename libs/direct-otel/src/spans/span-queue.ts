import type { Agent } from 'node:http';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Delivery } from '../export/delivery';
import { type HttpOptions, httpDelegate } from '../export/otlp-delegate';

/** Spans as the bytes of one request. */
export interface SpanRequest {
  bytes: Buffer;
  spans: number;
}

/**
 * Sends requests to one backend, one after the other, over the transport of the OTLP exporter, with its endpoint,
 * headers, compression, TLS, timeout and retries.
 */
export class SpanQueue {
  /** Number of spans that are not sent yet. */
  waiting = 0;
  private readonly requests: { request: SpanRequest; done: (free: boolean) => void }[] = [];
  private readonly exporter: OTLPExporterBase<SpanRequest>;
  /** Milliseconds that a request may take, including its retries. */
  private readonly limitMs: number;
  private agent?: Agent;
  private sending?: Promise<void>;

  /** @param most spans that may wait; more are dropped */
  constructor(
    options: HttpOptions,
    private readonly delivery: Delivery,
    private readonly most: number,
  ) {
    this.limitMs = options.timeoutMillis;
    const { agentFactory } = options;
    const keepingAgent = {
      ...options,
      agentFactory: async (protocol: string) => {
        this.agent = await agentFactory(protocol);
        return this.agent;
      },
    };
    const { deserializeResponse } = ProtobufTraceSerializer;
    const serializer = { serializeRequest: ({ bytes }: SpanRequest) => bytes, deserializeResponse };
    const count = { name: 'span' as const, countItems: ({ spans }: SpanRequest) => spans };
    this.exporter = new OTLPExporterBase(httpDelegate(keepingAgent, { serializer, count }, delivery));
  }

  /** @returns whether there is room for one more span besides those that wait and the `open` ones */
  hasRoom(open: number): boolean {
    return this.waiting + open < this.most;
  }

  /** Counts one span that is not kept for this backend. */
  drop(): void {
    this.delivery.lost(1);
  }

  /**
   * Queues a request if there is room. Resolves when nothing more has to be done for it.
   * @returns whether its bytes are free: those of a request that was cut off may still be on their way through a socket
   */
  async send(request: SpanRequest): Promise<boolean> {
    if (this.waiting + request.spans > this.most) {
      this.delivery.lost(request.spans);
      return true;
    }
    this.waiting += request.spans;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.requests.push({ request, done: resolve });
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
    return promise;
  }

  /** Resolves when everything is sent, or will never be. */
  async idle(): Promise<void> {
    while (this.sending) await this.sending;
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private async sendAll(): Promise<void> {
    for (let next = this.requests.shift(); next; next = this.requests.shift()) {
      const sent = await this.sendOne(next.request);
      this.waiting -= next.request.spans;
      next.done(sent);
    }
  }

  private async sendOne(request: SpanRequest): Promise<boolean> {
    // The exporter's own limit counts only silence: with a byte now and then, a backend would block all spans for ever.
    const limit = setTimeout(() => this.agent?.destroy(), this.limitMs);
    const sent = await new Promise<boolean>((resolve) =>
      this.exporter.export(request, ({ code }) => resolve(code === 0)),
    );
    clearTimeout(limit);
    return sent;
  }
}
