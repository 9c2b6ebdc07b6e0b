import { VERSION } from '@app/configuration';
import { logs, type Tracer, trace } from '@opentelemetry/api';

/** Name of the instrumentation scope of all our spans and log events. */
export const SCOPE = 'database-load-demo';

/** Attributes are named as in this release of the semantic conventions, the one that is installed. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

export function tracer(): Tracer {
  return trace.getTracerProvider().getTracer(SCOPE, VERSION, { schemaUrl: SCHEMA_URL });
}

export function eventLogger() {
  return logs.getLogger(SCOPE, VERSION, { schemaUrl: SCHEMA_URL });
}
