import type { DatabaseDetails, DatabaseView } from '../../src/catalog/catalog';
import { row as markedRow } from '../address';
import { rowKey } from '../baseline';
import { ServiceNames } from '../service-names';
import { openStatement } from '../trace/opened';
import { DATABASE_COLUMNS, NUMBER_COLUMNS, STATEMENT_COLUMNS } from './number-columns';
import { SortedTable } from './sorted-table';

/** Marks rows whose spans not every backend treats as database spans. */
function NewNamesMark({ row }: { row: { new_names_only: boolean } }) {
  if (!row.new_names_only) return null;
  const meaning =
    'Some of these spans have db.system.name and no db.system. Database pages that look for the old name do not show them.';
  return (
    <span class="new-names" title={meaning}>
      {' '}
      new names only
    </span>
  );
}

interface DatabasesProps {
  rows: DatabaseView[];
  selected: string;
  choose: (database: string) => void;
}

/** Every database from which spans arrive, the demo's own first. */
export function Databases({ rows, selected, choose }: DatabasesProps) {
  return (
    <SortedTable
      id="databases"
      rows={rows}
      numbers={DATABASE_COLUMNS}
      keyOf={({ database, system }) => rowKey(database, system)}
      marked={(row) => row.database === selected}
      most={4}
      heads={[
        {
          title: 'Database',
          text: ({ database }) => database,
          cell: (row) => (
            <button
              type="button"
              class="link cut"
              aria-pressed={row.database === selected}
              title={row.database}
              onClick={() => choose(row.database)}
            >
              {row.database || '(no name)'}
              <NewNamesMark row={row} />
            </button>
          ),
        },
        { title: 'System', text: ({ system }) => system },
        {
          title: 'Services',
          text: ({ services }) => services.join(' '),
          cell: ({ services, services_total }) => <ServiceNames services={services} total={services_total} />,
        },
      ]}
    />
  );
}

/** Operations, sorted by their total time. */
export function Operations({ rows }: { rows: DatabaseDetails['operations'] }) {
  return (
    <SortedTable
      id="operations"
      rows={rows}
      numbers={NUMBER_COLUMNS}
      keyOf={({ operation, table, service }) => rowKey(operation, table, service)}
      heads={[
        {
          title: 'Operation',
          text: ({ operation }) => operation,
          cell: (row) => (
            <>
              {row.operation}
              <NewNamesMark row={row} />
            </>
          ),
        },
        { title: 'Table', text: ({ table }) => table },
        {
          title: 'Service',
          text: ({ service }) => service,
          cell: ({ service }) => <ServiceNames services={[service]} />,
        },
      ]}
    />
  );
}

/** Statements, each with a button for its spans and traces. */
export function Queries({ rows }: { rows: DatabaseDetails['statements'] }) {
  return (
    <SortedTable
      id="queries"
      rows={rows}
      numbers={STATEMENT_COLUMNS}
      keyOf={({ statement }) => statement}
      marked={({ statement }) => statement === markedRow.value}
      heads={[
        {
          title: 'Query',
          wide: true,
          text: ({ statement }) => statement,
          cell: ({ statement }) => (
            <button
              type="button"
              class="link cut statement"
              title={statement}
              onClick={() => {
                markedRow.value = statement;
                void openStatement(statement);
              }}
            >
              {statement || '(no text)'}
            </button>
          ),
        },
        {
          title: 'Services',
          text: ({ services }) => services.join(' '),
          cell: ({ services, services_total }) => <ServiceNames services={services} total={services_total} />,
        },
      ]}
    />
  );
}

/** The services that use the database. */
export function CallingServices({ rows }: { rows: DatabaseDetails['calling_services'] }) {
  return (
    <SortedTable
      id="calling-services"
      rows={rows}
      numbers={NUMBER_COLUMNS}
      keyOf={({ service }) => rowKey(service)}
      heads={[
        {
          title: 'Calling service',
          text: ({ service }) => service,
          cell: ({ service }) => <ServiceNames services={[service]} />,
        },
      ]}
    />
  );
}
