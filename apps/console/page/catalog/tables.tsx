import type { DatabaseView } from '../../src/catalog/catalog';
import type { Statistics } from '../../src/catalog/statistics';
import { duration, percent, rate, whole } from '../format';
import { ServiceNames } from '../service-names';
import { openStatement } from '../trace/opened';

const FIGURES: [title: string, read: (row: Statistics) => string, bad?: (row: Statistics) => boolean][] = [
  ['Avg', ({ average_ms }) => duration(average_ms)],
  ['P50', ({ p50_ms }) => duration(p50_ms)],
  ['P75', ({ p75_ms }) => duration(p75_ms)],
  ['P90', ({ p90_ms }) => duration(p90_ms)],
  ['P95', ({ p95_ms }) => duration(p95_ms)],
  ['P99', ({ p99_ms }) => duration(p99_ms)],
  ['Requests', ({ queries }) => whole(queries)],
  ['Queries/s', ({ queries_per_second }) => rate(queries_per_second)],
  ['Errors', ({ failures }) => whole(failures), ({ failures }) => failures > 0],
  ['Errors %', ({ failures_percent }) => percent(failures_percent), ({ failures }) => failures > 0],
  ['Failures/s', ({ failures_per_second }) => rate(failures_per_second), ({ failures }) => failures > 0],
  ['Errors/min', ({ failures_per_minute }) => rate(failures_per_minute), ({ failures }) => failures > 0],
];

/** Those of a statement, beside its long text. */
const STATEMENT_FIGURES = FIGURES.filter(([title]) =>
  ['Avg', 'P95', 'P99', 'Requests', 'Queries/s', 'Errors'].includes(title),
);

function Heads({ figures = FIGURES }) {
  return figures.map(([title]) => (
    <th key={title} scope="col">
      {title}
    </th>
  ));
}

function Cells({ row, figures = FIGURES }: { row: Statistics; figures?: typeof FIGURES }) {
  return figures.map(([title, read, bad]) => (
    <td key={title} class={bad?.(row) ? 'bad' : ''}>
      {read(row)}
    </td>
  ));
}

/** Operations by the time that they took together. */
export function Operations({ rows }: { rows: DatabaseView['operations'] }) {
  return (
    <table class="figures" id="operations">
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">Table</th>
          <th scope="col">Calling service</th>
          <Heads />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.operation} ${row.table} ${row.service}`}>
            <th scope="row">{row.operation}</th>
            <td>{row.table}</td>
            <td>
              <ServiceNames services={row.services} />
            </td>
            <Cells row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Statements, each with the way to its spans and traces. */
export function Queries({ rows }: { rows: DatabaseView['statements'] }) {
  return (
    <table class="figures" id="queries">
      <thead>
        <tr>
          <th scope="col">Query</th>
          <th scope="col">Services</th>
          <Heads figures={STATEMENT_FIGURES} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.statement}>
            <th scope="row" class="statement">
              <button
                type="button"
                class="link"
                title={row.statement}
                onClick={() => openStatement(row.statement)}
              >
                {row.statement}
              </button>
            </th>
            <td>
              <ServiceNames services={row.services} />
            </td>
            <Cells row={row} figures={STATEMENT_FIGURES} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The services that use the database. */
export function CallingServices({ rows }: { rows: DatabaseView['calling_services'] }) {
  return (
    <table class="figures" id="calling-services">
      <thead>
        <tr>
          <th scope="col">Calling service</th>
          <Heads />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.service}>
            <th scope="row">
              <ServiceNames services={[row.service]} />
            </th>
            <Cells row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
