import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { type Attributes, logs, SeverityNumber } from '@opentelemetry/api';
import { currentSpan, SCOPE } from './in-span';

const LEVELS = ['fatal', 'error', 'warn', 'log', 'debug'] as const;

const SEVERITIES: Partial<Record<LogLevel, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  log: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

type Record_ = ReturnType<ConsoleLogger['getJsonLogObject']>;

/** One JSON line per event on stdout, with the ids of the trace it belongs to; the same record over OTLP. */
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
  logs.getLogger(SCOPE).emit({
    severityNumber: SEVERITIES[level],
    severityText: level,
    body: message instanceof Error ? message.name : (message as string),
    attributes: context ? { 'code.namespace': context } : {},
  });
}

/** An OpenTelemetry event: a log record with a name, for machines that look for it. */
export function emitEvent(eventName: string, body: string, attributes: Attributes): void {
  logs.getLogger(SCOPE).emit({ eventName, severityNumber: SeverityNumber.INFO, body, attributes });
}
