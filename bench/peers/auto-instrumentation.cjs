// Loaded before a service: the usual instrumentation, and the service's own switched off.
require('@opentelemetry/auto-instrumentations-node/register');
process.env.OTEL_SDK_DISABLED = 'true';
