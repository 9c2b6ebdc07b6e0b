import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { DirectSpan, type EndedSpans, type Lineage, randomBytes } from './direct-span';

/**
 * A TracerProvider whose spans are encoded when they end, straight into the bytes of OTLP. It records spans without a
 * parent, and otherwise follows the parent's decision (sampler `parentbased_always_on`).
 */
export class DirectTracerProvider implements TracerProvider {
  private readonly tracers = new Map<string, Tracer>();

  /** @param ended returns the receiver for the spans of an instrumentation scope */
  constructor(private readonly ended: (scope: string, version?: string, schemaUrl?: string) => EndedSpans) {}

  getTracer(name: string, version = '', { schemaUrl = '' }: TracerOptions = {}): Tracer {
    const key = `${name}@${version}@${schemaUrl}`;
    let tracer = this.tracers.get(key);
    if (!tracer) {
      tracer = new DirectTracer(this.ended(name, version, schemaUrl));
      this.tracers.set(key, tracer);
    }
    return tracer;
  }
}

class DirectTracer implements Tracer {
  constructor(private readonly ended: EndedSpans) {}

  startSpan(name: string, options: SpanOptions = {}, parent: Context = context.active()): Span {
    const lineage = lineageOf(options.root ? undefined : trace.getSpan(parent));
    if (!lineage) return trace.wrapSpanContext(trace.getSpanContext(parent) ?? INVALID_SPAN_CONTEXT);
    const { kind = SpanKind.INTERNAL, attributes, links, startTime } = options;
    const span = new DirectSpan(this.ended, name, kind, lineage, startTime);
    if (attributes) span.attributes.push(attributes);
    if (links) span.addLinks(links);
    return span;
  }

  startActiveSpan<F extends (span: Span) => ReturnType<F>>(name: string, ...rest: unknown[]): ReturnType<F> {
    const work = rest.pop() as F;
    const [options = {}, parent = context.active()] = rest as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), work, undefined, span);
  }
}

/** Undefined if the parent was not sampled. */
function lineageOf(parent: Span | undefined): Lineage | undefined {
  if (parent instanceof DirectSpan) {
    const { traceId, traceState, flags } = parent.lineage;
    return { traceId, traceState, flags, parentSpanId: parent.spanId, remote: false };
  }
  const context = parent?.spanContext();
  if (!context || !isSpanContextValid(context))
    return { traceId: randomBytes(16), remote: false, flags: TraceFlags.SAMPLED };
  if (!(context.traceFlags & TraceFlags.SAMPLED)) return undefined;
  return {
    traceId: Buffer.from(context.traceId, 'hex'),
    parentSpanId: Buffer.from(context.spanId, 'hex'),
    remote: context.isRemote === true,
    flags: context.traceFlags,
    traceState: context.traceState,
  };
}
