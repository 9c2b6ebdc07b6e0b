import { logRule, type Rule } from '../rule';
import { conventionsOf } from '../rules/convention';
import { SOURCES } from '../rules/sources';

const about = conventionsOf(SOURCES.logsDataModel);

/** OpenTelemetry's short names, each for four numbers. */
const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const OTHER_WORDS: Record<string, string> = {
  WARNING: 'WARN',
  CRITICAL: 'FATAL',
  VERBOSE: 'TRACE',
  LOG: 'INFO',
};

export const LOG_RULES: readonly Rule[] = [
  logRule(
    about('log-trace', 'required', 'a log record of a trace has the id of a span too', {
      without: 'The record is not shown at its span.',
    }),
    {
      appliesTo: ({ traceId, spanId }) => traceId !== '' || spanId !== '',
      fault: ({ traceId, spanId }) =>
        traceId !== '' && spanId !== ''
          ? undefined
          : `${traceId === '' ? 'the trace' : 'the span'} id is missing`,
    },
  ),
  logRule(
    about('log-error-trace', 'recommended', 'an error in the log belongs to a trace', {
      without: 'Nobody gets from the error to the request that failed.',
    }),
    {
      appliesTo: ({ severityNumber }, { spans }) => severityNumber >= 17 && spans.length > 0,
      fault: ({ traceId }) => (traceId === '' ? 'it has no trace id' : undefined),
    },
  ),
  logRule(
    about('log-severity', 'recommended', 'a log record has a severity', {
      without: 'It cannot be filtered by how bad it is.',
    }),
    {
      appliesTo: () => true,
      fault: ({ severityNumber }) =>
        severityNumber >= 1 && severityNumber <= 24 ? undefined : `severityNumber is ${severityNumber}`,
    },
  ),
  logRule(
    about('log-severity-text', 'required', 'number and text of a severity say the same', {
      without: 'An error is counted as information, or the other way round.',
    }),
    {
      appliesTo: ({ severityNumber, severityText }) => severityNumber > 0 && rank(severityText) !== undefined,
      fault: ({ severityNumber, severityText }) =>
        rank(severityText) === Math.floor((severityNumber - 1) / 4)
          ? undefined
          : `${severityText} is not ${severityNumber}`,
    },
  ),
  logRule(
    about('log-time', 'required', 'a log record has a time', {
      without: 'It is shown in 1970, or not at all.',
    }),
    {
      appliesTo: () => true,
      fault: ({ timeUnixNano }) => (timeUnixNano > 0n ? undefined : 'it has no time'),
    },
  ),
  logRule(
    about('log-exception', 'required', 'an exception in the log has a type or a message', {
      without: 'Errors cannot be grouped.',
      source: SOURCES.exceptions,
      attributes: ['exception.type', 'exception.message'],
    }),
    {
      appliesTo: ({ attributes }) => Object.keys(attributes).some((name) => name.startsWith('exception.')),
      fault: ({ attributes }) =>
        attributes['exception.type'] || attributes['exception.message']
          ? undefined
          : 'exception.type and exception.message are missing',
    },
  ),
  logRule(
    about('log-service', 'required', 'the resource of a log record has a service.name', {
      without: 'Nobody can tell whose log it is.',
      source: SOURCES.service,
    }),
    {
      appliesTo: () => true,
      fault: ({ resource }) => (resource['service.name'] ? undefined : 'the resource has no service.name'),
    },
  ),
];

function rank(severityText: string): number | undefined {
  const word = severityText.toUpperCase().replace(/[2-4]$/, '');
  const at = SEVERITIES.indexOf(OTHER_WORDS[word] ?? word);
  return at < 0 ? undefined : at;
}
