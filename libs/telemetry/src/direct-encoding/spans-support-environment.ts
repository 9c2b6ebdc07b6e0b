import type { Destination } from '../otlp-exporters';

/** Samplers that always sample, except under a parent that was not sampled. */
const SAMPLERS = ['', 'parentbased_always_on'];
/** Limits that cut spans, which only the SDK's own tracer supports. */
const LIMITS = /^OTEL_(SPAN_|EVENT_|LINK_|)ATTRIBUTE_.*LIMIT$|^OTEL_SPAN_.*LIMIT$/;

/**
 * Whether directly encoded spans are all that the environment asks for: sent by OTLP over HTTP in protobuf, the
 * default, without limits and with a sampler that keeps all. Otherwise the SDK's own tracer, processor and exporter are
 * needed.
 */
export function directSpansAreEnough(
  destinations: Destination<'traces'>[],
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return (
    destinations.length > 0 &&
    destinations.every(({ protocol }) => protocol === 'http/protobuf') &&
    SAMPLERS.includes(environment.OTEL_TRACES_SAMPLER ?? '') &&
    !Object.entries(environment).some(([name, value]) => value && LIMITS.test(name))
  );
}
