import { type Attributes, type AttributeValue, anyValue, attributes } from './attributes';
import { eachOrigin, type Origin } from './origin';
import { type OtlpContentType, readPayload } from './payload';
import { hexId, integer, text, type WireRecord } from './wire-value';

/** A log record, or an event if it has a name. */
export interface DecodedLog extends Origin {
  /** When it happened, or when it was observed if its source did not say. */
  timeUnixNano: bigint;
  /** 1 to 24; 0 if it is not given. */
  severityNumber: number;
  severityText: string;
  body: AttributeValue;
  eventName: string;
  attributes: Attributes;
  /** Empty outside any trace. */
  traceId: string;
  spanId: string;
}

/**
 * The records of one request to `/v1/logs`.
 *
 * @throws InvalidPayload
 */
export function decodeLogs(body: Buffer, contentType: OtlpContentType): DecodedLog[] {
  const { resourceLogs } = readPayload('Logs', body, contentType);
  return eachOrigin(resourceLogs, 'scopeLogs', 'logRecords', decodeRecord);
}

function decodeRecord(log: WireRecord, origin: Origin): DecodedLog {
  const happened = integer(log.timeUnixNano, 'timeUnixNano');
  return {
    ...origin,
    timeUnixNano: happened || integer(log.observedTimeUnixNano, 'observedTimeUnixNano'),
    severityNumber: severityNumber(log.severityNumber),
    severityText: text(log.severityText, 'severityText'),
    body: anyValue(log.body),
    eventName: text(log.eventName, 'eventName'),
    attributes: attributes(log.attributes),
    traceId: hexId(log.traceId, 16, 'traceId'),
    spanId: hexId(log.spanId, 8, 'spanId'),
  };
}

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** A number, or a name such as `SEVERITY_NUMBER_INFO2`. */
function severityNumber(value: unknown): number {
  const [, name = '', step = '1'] = /^SEVERITY_NUMBER_([A-Z]+)([2-4]?)$/.exec(String(value)) ?? [];
  if (name === '') return Number(integer(value, 'severityNumber'));
  const index = SEVERITIES.indexOf(name);
  return index === -1 ? 0 : index * 4 + Number(step || 1);
}
