import type { Compared } from './comparison.ts';
import type { Growth } from './growth.ts';
import type { Holding } from './holding.ts';
import type { Starting } from './starting.ts';
import type { StatementCost } from './statements.ts';
import type { Spread } from './statistics.ts';
import type { Storm } from './storm.ts';
import { VARIANTS, type Variant } from './variants.ts';
import type { Watching } from './watching.ts';

/** Everything that one run measured. */
export interface Report {
  machine: string;
  date: string;
  /** What the database alone can do, if pgbench is installed: transactions per second. */
  pgbench?: number;
  compared: Compared[];
  statements: StatementCost[];
  queue?: Spread;
  growth: Growth[];
  holding: Holding[];
  storm: Storm[];
  watching: Watching[];
  starting: Starting[];
}

/** The report in Markdown. */
export function report({ machine, date, pgbench, ...found }: Report): string {
  const parts = [`${date}, ${machine}`];
  if (pgbench) parts.push(`pgbench, the prepared SELECT of check, 8 clients: ${pgbench.toFixed(0)} a second`);
  if (found.compared.length) parts.push(...comparison(found.compared));
  if (found.statements.length) parts.push(statementTable(found.statements));
  if (found.queue) parts.push(`Queue to plain pool, statements per second: ${ratio(found.queue)}`);
  if (found.growth.length) parts.push(growthTable(found.growth));
  if (found.holding.length) parts.push(holdingTable(found.holding));
  if (found.storm.length) parts.push(stormTable(found.storm));
  if (found.watching.length) parts.push(watchingTable(found.watching));
  if (found.starting.length) parts.push(startingTable(found.starting));
  return `${parts.join('\n\n')}\n`;
}

function comparison(compared: Compared[]): string[] {
  const operations = [...new Set(compared.map(({ operation }) => operation))];
  const cell = (
    key: Variant['key'],
    operation: string,
    to: Variant['key'],
    measure: 'cpu' | 'rate' | 'p99',
  ) => {
    const one = compared.find((row) => row.variant === key && row.operation === operation);
    const found = one?.ratios[to]?.[measure];
    return found ? ratio(found) : '';
  };
  const against = (to: Variant['key'], measure: 'cpu' | 'rate' | 'p99') =>
    grid(
      ['', ...operations],
      VARIANTS.map(({ key, title }) => [
        title,
        ...operations.map((operation) => cell(key, operation, to, measure)),
      ]),
    );
  const absolute = grid(
    ['', ...operations.map((operation) => `${operation}: µs CPU, requests/s, p50, p99 ms`), 'MiB'],
    VARIANTS.map(({ key, title }) => {
      const rows = compared.filter(({ variant }) => variant === key);
      const memory = Math.max(...rows.map(({ memoryMiB }) => memoryMiB));
      return [
        title,
        ...rows.map(
          ({ cpuMicroseconds, requestsPerSecond, p50, p99 }) =>
            `${cpuMicroseconds.median.toFixed(0)}, ${requestsPerSecond.median.toFixed(0)}, ${p50.median.toFixed(2)}, ${p99.median.toFixed(2)}`,
        ),
        memory.toFixed(0),
      ];
    }),
  );
  const share = Math.max(...compared.map(({ generatorShare }) => generatorShare));
  return [
    `CPU per request, to node:http and pg: median (middle half of the rounds)\n\n${against('node-http', 'cpu')}`,
    `CPU per request, to this service untraced\n\n${against('untraced', 'cpu')}`,
    `Requests per second at saturation, to this service untraced\n\n${against('untraced', 'rate')}`,
    `p99 at 600 arrivals a second, to this service untraced\n\n${against('untraced', 'p99')}`,
    `Absolute\n\n${absolute}`,
    `The load generator used at most ${(share * 100).toFixed(0)} % of a core.`,
  ];
}

function statementTable(costs: StatementCost[]): string {
  const rows = costs.map(({ statements, request, ratio: to, added }) => [
    String(statements),
    request,
    ratio(to),
    `${added.median.toFixed(0)} µs`,
  ]);
  return `What telemetry adds, by statements of a request\n\n${grid(['statements', 'request', 'CPU ratio', 'added'], rows)}`;
}

function times({ p50, p95, p99 }: Growth['check']): string {
  return [p50, p95, p99].map(ms).join(', ');
}

function growthTable(all: Growth[]): string {
  const rows = all.map(({ orders, popularProducts, check, sharedViewMs }) => [
    orders.toLocaleString('en'),
    times(popularProducts),
    times(check),
    ms(sharedViewMs),
  ]);
  const titles = ['orders', 'popular-products p50, p95, p99', 'check p50, p95, p99', 'shared view'];
  return `Growth\n\n${grid(titles, rows)}`;
}

function holdingTable(all: Holding[]): string {
  const rows = all.map(({ connections, load, hold, release, toPgAlone }) => [
    String(connections),
    load,
    range(hold),
    ratio(toPgAlone),
    range(release),
  ]);
  const titles = ['connections', '', 'hold', 'to opening them with pg alone', 'release'];
  return `Until PostgreSQL counts them, median (range)\n\n${grid(titles, rows)}`;
}

function stormTable(all: Storm[]): string {
  const rows = all.map(({ processes, pool, when, newSessionsPerSecond, serverCpu, failedPercent }) => [
    String(processes),
    when,
    pool,
    newSessionsPerSecond.toFixed(1),
    serverCpu.toFixed(2),
    `${failedPercent.toFixed(1)} %`,
  ]);
  const titles = ['processes', '', '', 'new sessions/s', 'CPU of PostgreSQL', 'failed'];
  return `200 requests/s; starved: its sessions stand still for 80 of 100 ms\n\n${grid(titles, rows)}`;
}

function watchingTable(all: Watching[]): string {
  const rows = all.map(({ processes, sessions, serverPercent, withoutPercent, oldestViewMs }) => [
    String(processes),
    String(sessions),
    `${(serverPercent - withoutPercent).toFixed(2)} %`,
    `${withoutPercent.toFixed(2)} %`,
    ms(oldestViewMs),
  ]);
  const titles = ['processes', 'sessions', 'of a core for the view', 'without services', 'oldest view'];
  return `What the shared view costs PostgreSQL at rest\n\n${grid(titles, rows)}`;
}

function startingTable(all: Starting[]): string {
  const rows = all.map(({ what, readyMs, memoryMiB }) => [
    what,
    range(readyMs),
    `${memoryMiB.median.toFixed(0)} MiB`,
  ]);
  return `Start, median (range)\n\n${grid(['', 'ready', 'memory'], rows)}`;
}

function ratio({ min, median, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;
}

function range({ min, median, max }: Spread): string {
  return `${median.toFixed(0)} ms (${min.toFixed(0)}-${max.toFixed(0)})`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function grid(titles: string[], rows: string[][]): string {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(3, ...all.map((cells) => (cells[column] ?? '').length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
