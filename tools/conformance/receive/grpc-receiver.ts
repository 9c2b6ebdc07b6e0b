import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Signal, Sink } from './inbox';

const LARGEST = 20 * 1024 * 1024;
const SERVICES: Record<Signal, string> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
};
/** A request of OTLP is the same message over HTTP and over gRPC, so the decoding is shared. */
const asItIs = (body: Buffer) => body;

/** Receives OTLP over gRPC, without encryption. */
export class GrpcReceiver {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(sink: Sink, host = '127.0.0.1', port = 0): Promise<GrpcReceiver> {
    const server = new Server({ 'grpc.max_receive_message_length': LARGEST });
    for (const [signal, service] of Object.entries(SERVICES) as [Signal, string][]) {
      server.register(`/${service}/Export`, handler(sink, signal), asItIs, asItIs, 'unary');
    }
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(address, ServerCredentials.createInsecure(), (error, at) =>
        error ? reject(new Error(`cannot listen on ${address}: ${error.message}`)) : resolve(at),
      );
    });
    return new GrpcReceiver(server, bound);
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

function handler(sink: Sink, signal: Signal) {
  return (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    try {
      sink.take(signal, call.request, 'application/x-protobuf');
      answer(null, Buffer.alloc(0));
    } catch (error) {
      answer({ code: status.INVALID_ARGUMENT, message: (error as Error).message });
    }
  };
}
