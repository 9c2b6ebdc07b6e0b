import { failed, NOT_EVALUATED, READERS, type Reader, unseen, type Verdict } from '@app/conformance';

const UNITS = { traces: 'spans', metrics: 'points', logs: 'records' };
const BROKEN = { required: 'FAIL', recommended: 'warn', 'opt-in': 'tell' };

/** The verdicts reader by reader, each rule with its level, its source and the source's date or version. */
export function table(verdicts: readonly Verdict[]): string {
  const lines: string[] = [];
  for (const reader of new Set(verdicts.map((verdict) => verdict.reader))) {
    lines.push('', READERS[reader]);
    for (const verdict of verdicts) if (verdict.reader === reader) lines.push(...rule(verdict));
  }
  lines.push('', 'Not judged');
  for (const [name, reason] of Object.entries(NOT_EVALUATED)) lines.push(`  ${name}: ${reason}`);
  return lines.slice(1).join('\n');
}

function rule({ level, signal, title, without, source, checked, broken, examples }: Verdict): string[] {
  const mark = broken > 0 ? BROKEN[level] : checked > 0 ? 'pass' : 'none';
  const count = `${String(checked).padStart(4)} ${UNITS[signal]}`;
  const from = `${source.address} (${source.asOf})`;
  const row = `  ${mark}  ${level.padEnd(11)} ${title.padEnd(72)} ${count}`;
  if (broken === 0) return [`${row}  ${from}`];
  return [
    `${row}, ${broken} broken`,
    ...examples.map((example) => `          ${example}`),
    `          ${without}`,
    `          ${from}`,
  ];
}

/** One line that says how many rules held, and what that means. */
export function summary(verdicts: readonly Verdict[], asked: readonly Reader[] | undefined): string {
  const count = (keep: (verdict: Verdict) => boolean) => verdicts.filter(keep).length;
  const held = count(({ broken, checked }) => broken === 0 && checked > 0);
  const warned = count(({ level, broken }) => level === 'recommended' && broken > 0);
  const mentioned = count(({ level, broken }) => level === 'opt-in' && broken > 0);
  const idle = count(({ checked }) => checked === 0);
  const nothing = unseen(verdicts).map((reader) => READERS[reader]);
  const unevaluated =
    nothing.length > 0
      ? `\nNothing came to judge for ${nothing.join(', ')}${asked ? ': that fails.' : '.'}`
      : '';
  return `${held} rules held, ${failed(verdicts).length} failed, ${warned} warned, ${mentioned} told, ${idle} with nothing to judge${unevaluated}`;
}
