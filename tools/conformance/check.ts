import type { DecodedSpan } from '@app/otlp';
import type { Backend } from '@app/telemetry';
import { BACKENDS } from './backends';
import { RULES } from './rules';

/** What became of one rule. */
export interface Verdict {
  backend: Backend;
  rule: string;
  source: string;
  /** Spans that the rule spoke of. */
  checked: number;
  /** Spans that broke it. */
  broken: number;
  /** How the first one broke it. */
  example?: string;
}

/** Holds the spans against every rule of every backend. */
export function check(spans: readonly DecodedSpan[]): Verdict[] {
  return RULES.map(({ backend, title, appliesTo, fault }) => {
    const concerned = spans.filter(appliesTo);
    const faults = concerned.flatMap((span) => {
      const what = fault(span, spans);
      return what ? [`${span.service}: ${span.name}: ${what}`] : [];
    });
    const { source } = BACKENDS[backend];
    return {
      backend,
      rule: title,
      source,
      checked: concerned.length,
      broken: faults.length,
      example: faults[0],
    };
  });
}

/** A rule that no span was checked against proves nothing; one backend with nothing checked has failed. */
export function passed(verdicts: readonly Verdict[]): boolean {
  const backends = Object.keys(BACKENDS) as Backend[];
  const all = backends.every((backend) =>
    verdicts.some((verdict) => verdict.backend === backend && verdict.checked > 0),
  );
  return all && verdicts.every(({ broken }) => broken === 0);
}

/** The verdicts as a table, backend by backend, each with its source. */
export function table(verdicts: readonly Verdict[]): string {
  const lines: string[] = [];
  for (const backend of Object.keys(BACKENDS) as Backend[]) {
    lines.push('', `${BACKENDS[backend].title}   ${BACKENDS[backend].source}`);
    for (const verdict of verdicts.filter((candidate) => candidate.backend === backend))
      lines.push(line(verdict));
  }
  return lines.slice(1).join('\n');
}

function line({ rule, checked, broken, example }: Verdict): string {
  const mark = broken > 0 ? 'FAIL' : checked > 0 ? 'pass' : 'none';
  const row = `  ${mark}  ${rule.padEnd(64)} ${String(checked).padStart(4)} spans`;
  return broken > 0 ? `${row}, ${broken} broken: ${example}` : row;
}
