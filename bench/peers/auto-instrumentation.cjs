// Loaded before a service: the usual instrumentation, with the service's own switched off.
require('@opentelemetry/auto-instrumentations-node/register');
process.env.OTEL_SDK_DISABLED = 'true';
