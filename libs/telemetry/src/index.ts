export { ATTRIBUTES, type Backend, type Carrier, type Presence, type SpanAttributes } from './attributes';
export { currentSpan, inSpan, type SpanStart, type TracedSpan } from './in-span';
export { Telemetry } from './telemetry';
export { TelemetryModule } from './telemetry.module';
export { traceRequests } from './trace-requests';
export { emitEvent, TracedLogger } from './traced-logger';
