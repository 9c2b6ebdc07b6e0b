import { subscribe } from 'node:diagnostics_channel';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  type convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  type convertLegacyOtlpGrpcOptions,
  createOtlpGrpcExportDelegate,
} from '@opentelemetry/otlp-grpc-exporter-base';
import type { IExporterMetricsHelper, ISerializer } from '@opentelemetry/otlp-transformer';
import type { Delivery } from './delivery';

export type HttpOptions = ReturnType<typeof convertLegacyHttpOptions>;
export type GrpcOptions = ReturnType<typeof convertLegacyOtlpGrpcOptions>;
/** The object that does an exporter's work. */
export type Delegate<Request> = ConstructorParameters<typeof OTLPExporterBase<Request>>[0];

/** How a request is written, and how many items are in it. */
export interface Encoding<Request> {
  serializer: ISerializer<Request, Answer>;
  count: IExporterMetricsHelper<Request>;
}

/** An answer can report that a part was rejected; each signal has its own name for the number. */
interface Answer {
  partialSuccess?: Partial<
    Record<'rejectedSpans' | 'rejectedDataPoints' | 'rejectedLogRecords', number | string> & {
      errorMessage: string;
    }
  > | null;
}

/** The SDK's export over HTTP, with its TLS, timeout, compression and retries; a delivery learns how each request ended. */
export function httpDelegate<Request>(
  options: HttpOptions,
  { serializer, count }: Encoding<Request>,
  delivery: Delivery,
): Delegate<Request> {
  const { agentFactory } = options;
  const observed = {
    ...options,
    agentFactory: async (protocol: string) => {
      const agent = await agentFactory(protocol);
      noteStatus(agent, delivery);
      return agent;
    },
  };
  const reading = readingAnswers(serializer, delivery);
  return reporting(
    createOtlpHttpExportDelegate(observed, reading, 'otlp_http', count, undefined),
    count,
    delivery,
  );
}

/** The same over gRPC. */
export function grpcDelegate<Request>(
  options: GrpcOptions,
  service: { name: string; path: string },
  { serializer, count }: Encoding<Request>,
  delivery: Delivery,
): Delegate<Request> {
  const reading = readingAnswers(serializer, delivery);
  const delegate = createOtlpGrpcExportDelegate(
    options,
    reading,
    'otlp_grpc',
    count,
    undefined,
    service.name,
    service.path,
  );
  return reporting(delegate, count, delivery);
}

/** Keeps the status of an answer that the SDK could have retried, which the SDK forgets. */
function noteStatus(agent: Agent, delivery: Delivery): void {
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as {
      request: ClientRequest & { agent?: Agent };
      response: IncomingMessage;
    };
    if (request.agent === agent) delivery.status = response.statusCode;
  });
}

function readingAnswers<Request>(
  { serializeRequest, deserializeResponse }: ISerializer<Request, Answer>,
  delivery: Delivery,
): ISerializer<Request, Answer> {
  return {
    serializeRequest,
    deserializeResponse: (data) => {
      const answer = deserializeResponse(data);
      const { rejectedSpans, rejectedDataPoints, rejectedLogRecords, errorMessage } =
        answer?.partialSuccess ?? {};
      delivery.partly(
        Number(rejectedSpans ?? rejectedDataPoints ?? rejectedLogRecords ?? 0),
        errorMessage ?? '',
      );
      return answer;
    },
  };
}

function reporting<Request>(
  delegate: Delegate<Request>,
  { countItems }: IExporterMetricsHelper<Request>,
  delivery: Delivery,
): Delegate<Request> {
  return {
    export: (items, done) => {
      delivery.status = undefined;
      delegate.export(items, (result) => {
        delivery.ended(
          countItems(items),
          result.code === 0 ? undefined : (result.error ?? new Error('failed')),
        );
        done(result);
      });
    },
    forceFlush: () => delegate.forceFlush(),
    shutdown: () => delegate.shutdown(),
    setMetrics: (metrics) => delegate.setMetrics(metrics),
  };
}
