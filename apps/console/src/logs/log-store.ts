import type { DecodedLog } from '@app/otlp';
import { Injectable } from '@nestjs/common';

/** Records kept at most, and characters of each. */
const MOST_RECORDS = 5_000;
const MOST_CHARACTERS = 2_000;

/** A log record of a trace, as the page gets it. */
export interface LogView {
  traceId: string;
  /** Empty if the record names no span. */
  spanId: string;
  service: string;
  /** Unix milliseconds. */
  atMs: number;
  /** Such as `ERROR`; empty if it is not given. */
  severity: string;
  /** Whether its severity number is at least WARN. */
  bad: boolean;
  text: string;
}

/** SeverityNumber of WARN in the log data model. */
const WARN = 13;

/** The latest log records that belong to a trace; the page shows no others. */
@Injectable()
export class LogStore {
  /** Oldest first. */
  private readonly records: LogView[] = [];

  add(records: readonly DecodedLog[]): void {
    for (const record of records) if (record.traceId !== '') this.records.push(logView(record));
    this.records.splice(0, this.records.length - MOST_RECORDS);
  }

  /** In the order in which they happened. */
  ofTrace(traceId: string): LogView[] {
    return this.records.filter((record) => record.traceId === traceId).sort((a, b) => a.atMs - b.atMs);
  }
}

function logView(record: DecodedLog): LogView {
  const { traceId, spanId, service, timeUnixNano, severityNumber, severityText } = record;
  return {
    ...{ traceId, spanId, service, severity: severityText, bad: severityNumber >= WARN },
    atMs: Number(timeUnixNano / 1_000n) / 1_000,
    text: textOf(record).slice(0, MOST_CHARACTERS),
  };
}

/** The record's text, with an exception's message once. */
function textOf({ body, eventName, attributes }: DecodedLog): string {
  const said = typeof body === 'string' ? body : JSON.stringify(body ?? null);
  const exception = [attributes['exception.type'], attributes['exception.message']]
    .filter((part) => typeof part === 'string' && !said.includes(part))
    .join(': ');
  return [said === 'null' ? eventName : said, exception].filter(Boolean).join(' · ');
}
