import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { type Attributes, SeverityNumber } from '@opentelemetry/api';
import { currentSpan } from './in-span';
import { eventLogger } from './scope';

const LEVELS = ['fatal', 'error', 'warn', 'log', 'debug'] as const;

const SEVERITIES: Partial<Record<LogLevel, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  log: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

type Record_ = ReturnType<ConsoleLogger['getJsonLogObject']>;

/** Writes one JSON line per event to stdout, with the ids of its trace, and sends the same record over OTLP. */
export class TracedLogger extends ConsoleLogger {
  constructor(level: (typeof LEVELS)[number]) {
    super({ json: true, logLevels: LEVELS.slice(0, LEVELS.indexOf(level) + 1) });
  }

  protected override getJsonLogObject(
    ...[message, options]: Parameters<ConsoleLogger['getJsonLogObject']>
  ): Record_ {
    const record = super.getJsonLogObject(message, options);
    const span = currentSpan();
    emit(options.logLevel, options.context, message);
    return span ? { ...record, trace_id: span.traceId, span_id: span.spanId } : record;
  }
}

function emit(level: LogLevel, context: string | undefined, message: unknown): void {
  const { body, attributes } = parts(message);
  eventLogger().emit({
    severityNumber: SEVERITIES[level],
    severityText: level,
    body,
    attributes: { ...attributes, ...(context && { 'code.namespace': context }) },
  });
}

/** A line with more than a text becomes text with attributes. Of an error it has the class: a message may quote values. */
function parts(message: unknown): { body: string; attributes: Attributes } {
  if (message instanceof Error) {
    const { name } = message.constructor;
    return { body: name, attributes: { 'exception.type': name } };
  }
  if (typeof message !== 'object' || message === null) return { body: String(message), attributes: {} };
  const { message: body, ...attributes } = message as Attributes;
  return { body: String(body), attributes };
}

/** An OpenTelemetry event: a log record with a name, which programs can search for. */
export function emitEvent(eventName: string, body: string, attributes: Attributes): void {
  const severityNumber = SeverityNumber.INFO;
  eventLogger().emit({ eventName, severityNumber, severityText: 'log', body, attributes });
}
