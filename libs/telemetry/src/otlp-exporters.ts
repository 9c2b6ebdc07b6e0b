import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraces } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto';

const EXPORTERS = {
  traces: { grpc: GrpcTraces, 'http/json': JsonTraces, 'http/protobuf': ProtobufTraces },
  metrics: { grpc: GrpcMetrics, 'http/json': JsonMetrics, 'http/protobuf': ProtobufMetrics },
  logs: { grpc: GrpcLogs, 'http/json': JsonLogs, 'http/protobuf': ProtobufLogs },
};

type Signal = keyof typeof EXPORTERS;
type Protocol = keyof (typeof EXPORTERS)['traces'];

/** The OTLP exporter of a signal that the `OTEL_*` variables ask for; undefined where they name no place to send to. */
export function otlpExporter<S extends Signal>(
  signal: S,
  environment: NodeJS.ProcessEnv = process.env,
): InstanceType<(typeof EXPORTERS)[S][Protocol]> | undefined {
  const protocol = otlpProtocol(signal, environment);
  if (!protocol) return undefined;
  const Exporter = EXPORTERS[signal][protocol];
  return new Exporter() as InstanceType<(typeof EXPORTERS)[S][Protocol]>;
}

/** How a signal is to be sent by OTLP; undefined where the `OTEL_*` variables name no place to send it to. */
export function otlpProtocol(
  signal: Signal,
  environment: NodeJS.ProcessEnv = process.env,
): Protocol | undefined {
  const name = signal.toUpperCase();
  const chosen = environment[`OTEL_${name}_EXPORTER`];
  if (chosen && chosen !== 'otlp') return undefined;
  const endpoint =
    environment[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`] || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint && chosen !== 'otlp') return undefined;
  const wanted =
    environment[`OTEL_EXPORTER_OTLP_${name}_PROTOCOL`] || environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  return wanted === 'grpc' || wanted === 'http/json' ? wanted : 'http/protobuf';
}
