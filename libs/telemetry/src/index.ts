export type { Report } from '@app/direct-otel';
export { ATTRIBUTES, type Carrier, type Presence, type SpanAttributes } from './attributes';
export { currentSpan, inBackground, inSpan, type SpanStart, type TracedSpan } from './in-span';
export { type MeasuredSpan, MeasuredSpanExport } from './measured-spans';
export { otelProblems, otelVariableTable } from './otel-variables/otel-problems';
export { Telemetry } from './telemetry';
export { TelemetryModule } from './telemetry.module';
export { traceRequests } from './trace-requests';
export { emitEvent, TracedLogger } from './traced-logger';
