export { currentTraceId, inSpan } from './in-span';
export { requestSpan } from './request-span';
export { startTelemetry, type Telemetry } from './start-telemetry';
