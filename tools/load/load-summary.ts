import type { LoadTotals, OperationFigures } from '@app/load';

/** A finished run. */
export interface LoadSummary {
  rate: number;
  seed: number;
  /** How long it really took, including the last answers. */
  seconds: number;
  totals: LoadTotals;
}

const COLUMNS = ['sent', 'ok', '409', '503', 'lock', 'left', 'failed', 'tries', 'late', 'p50', 'p95', 'p99'];
const NAME_WIDTH = 18;
const WIDTH = 8;

/** The progress on one line. */
export function progressLine(totals: LoadTotals, elapsed: number, seconds: number, underWay: number): string {
  const sum = (read: (figures: OperationFigures) => number) =>
    totals.figures().reduce((total, figures) => total + read(figures), 0);
  const share = Math.min(100, Math.round((elapsed / seconds) * 100));
  return (
    `${share} %  sent ${sum(({ sent }) => sent)}  ok ${sum(({ ok }) => ok)}  503 ${sum(({ unavailable }) => unavailable)}` +
    `  failed ${sum(({ lock_timeout, gave_up, failed }) => lock_timeout + gave_up + failed)}  under way ${underWay}  late ${sum(({ late }) => late)}  dropped ${totals.dropped}`
  );
}

/** A line per operation. */
export function summaryTable({ rate, seed, seconds, totals }: LoadSummary): string {
  const figures = totals.figures();
  const sent = figures.reduce((sum, operation) => sum + operation.sent, 0);
  return [
    line('operation', COLUMNS),
    ...figures.map((operation) => line(operation.operation, cells(operation))),
    `${sent} sent in ${seconds.toFixed(1)} s at ${rate} a second, seed ${seed}; ${totals.dropped} dropped. Times in ms.`,
  ].join('\n');
}

export function summaryJson({ rate, seed, seconds, totals }: LoadSummary): string {
  const operations = totals.figures();
  return JSON.stringify(
    { rate, seed, seconds: Number(seconds.toFixed(3)), dropped: totals.dropped, operations },
    null,
    2,
  );
}

function cells({
  sent,
  ok,
  conflict,
  unavailable,
  lock_timeout,
  gave_up,
  failed,
  tries,
  late,
  p50_ms,
  p95_ms,
  p99_ms,
}: OperationFigures): string[] {
  const counts = [sent, ok, conflict, unavailable, lock_timeout, gave_up, failed, tries, late].map(String);
  return [
    ...counts,
    ...[p50_ms, p95_ms, p99_ms].map((ms) => (ms === null ? '-' : ms.toFixed(ms < 100 ? 1 : 0))),
  ];
}

function line(name: string, columns: string[]): string {
  return name.padEnd(NAME_WIDTH) + columns.map((column) => column.padStart(WIDTH)).join('');
}
