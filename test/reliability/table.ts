import type { Outcome } from './row';

/** The outcomes as a table in Markdown, which is readable in a terminal too. */
export function table(outcomes: Outcome[]): string {
  const lines = outcomes.flatMap(({ id, claim, figures, failure }) => {
    const rows = figures.map((figure, index) => [
      index === 0 ? id : '',
      index === 0 ? claim : '',
      figure.name,
      figure.measured,
      figure.mustReach,
      figure.holds ? 'yes' : 'NO',
    ]);
    if (failure)
      rows.push([
        figures.length ? '' : id,
        figures.length ? '' : claim,
        failure.split('\n')[0] ?? '',
        '',
        '',
        'NO',
      ]);
    return rows;
  });
  const all = [['', 'claim', 'figure', 'measured', 'must reach', 'holds'], ...lines];
  const widths =
    all[0]?.map((_, column) => Math.max(3, ...all.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const row = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = row(widths.map((width) => '-'.repeat(width)));
  const failures = outcomes.flatMap(({ id, failure }) => (failure ? [`\n${id}: ${failure}`] : []));
  return `${[row(all[0] ?? []), rule, ...all.slice(1).map(row), ...failures].join('\n')}\n`;
}
