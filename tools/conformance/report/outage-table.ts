import type { Visibility } from '@app/conformance';

/** What each reader's page would show of an outage, and where it would look healthy. */
export function outageTable({ truth, shown }: Visibility): string {
  const { requests, failedRequests, failedMs, lostWaits } = truth;
  const lines = [
    `${requests} requests, ${failedRequests} failed, those after ${ms(failedMs)} on average; ${lostWaits} waits for a connection ended in vain`,
    '',
    `  ${'page'.padEnd(76)} ${'calls'.padStart(6)} ${'failed'.padStart(6)} ${'average'.padStart(9)} ${'p95'.padStart(9)}`,
  ];
  for (const { title, calls, failures, averageMs, p95Ms, hides } of shown) {
    const row = `${String(calls).padStart(6)} ${String(failures).padStart(6)} ${ms(averageMs).padStart(9)} ${ms(p95Ms).padStart(9)}`;
    lines.push(`  ${title.padEnd(76)} ${row}`, ...hides.map((what) => `      looks healthy: ${what}`));
  }
  return lines.join('\n');
}

function ms(value: number): string {
  if (!Number.isFinite(value)) return 'off scale';
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}
