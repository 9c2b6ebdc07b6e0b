import type { About, Level, Source } from '../rule';

/** Describes the rules of the OpenTelemetry conventions that one page states. */
export function conventionsOf(source: Source) {
  return (
    what: string,
    level: Level,
    title: string,
    rest: Pick<About, 'without'> & Partial<About>,
  ): About => ({ id: `opentelemetry/${what}`, reader: 'opentelemetry', level, title, source, ...rest });
}
