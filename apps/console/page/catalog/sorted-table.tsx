import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { factor } from '../baseline';
import { whole } from '../format';
import type { NumberColumn, RowNumbers } from './number-columns';

interface Head<Row> {
  title: string;
  /** The text by which it is searched and sorted, and which is shown by default. */
  text: (row: Row) => string;
  cell?: (row: Row) => ComponentChildren;
  /** It takes the width that the others leave. */
  wide?: true;
}

interface SortedTableProps<Row extends RowNumbers> {
  id: string;
  rows: Row[];
  heads: Head<Row>[];
  numbers: NumberColumn[];
  keyOf: (row: Row) => string;
  marked?: (row: Row) => boolean;
  /** Number of rows that are shown at once. */
  most?: number;
}

/** Number of rows from which there is a filter. */
const MANY = 8;

/** Rows sorted by a clicked column: only the first few, the rest through a search word. */
export function SortedTable<Row extends RowNumbers>(props: SortedTableProps<Row>) {
  const { id, rows, heads, numbers, keyOf, marked, most = 20 } = props;
  const [sorted, setSorted] = useState<string>();
  const [word, setWord] = useState('');
  const filtered = rows.length > MANY;
  const wanted = filtered ? word.trim().toLowerCase() : '';
  const found = rows.filter((row) => heads.some(({ text }) => text(row).toLowerCase().includes(wanted)));
  const shown = inOrderOf(found, sorted, heads, numbers).slice(0, most);
  const head = (title: string, className = '') => (
    <th key={title} scope="col" class={className} aria-sort={sorted === title ? 'descending' : undefined}>
      <button type="button" onClick={() => setSorted(sorted === title ? undefined : title)}>
        {title}
        {sorted === title && ' ▾'}
      </button>
    </th>
  );
  return (
    <>
      {filtered && (
        <label class="filter">
          Filter{' '}
          <input type="search" value={word} onInput={({ currentTarget }) => setWord(currentTarget.value)} />{' '}
          {whole(shown.length)} of {whole(rows.length)}
        </label>
      )}
      <table class="figures" id={id}>
        <thead>
          <tr>
            {heads.map(({ title, wide }) => head(title, wide ? 'text wide' : 'text'))}
            {numbers.map(({ title }) => head(title))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)} aria-current={marked?.(row) || undefined}>
              {heads.map(({ title, text, cell, wide }, column) => {
                const Cell = column === 0 ? 'th' : 'td';
                return (
                  <Cell
                    key={title}
                    scope={column === 0 ? 'row' : undefined}
                    class={wide ? 'text wide' : 'text'}
                  >
                    {cell ? (
                      cell(row)
                    ) : (
                      <span class="cut" title={text(row)}>
                        {text(row)}
                      </span>
                    )}
                  </Cell>
                );
              })}
              {numbers.map((column) => (
                <NumberCell key={column.title} column={column} row={row} rowKey={keyOf(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function NumberCell({ column, row, rowKey }: { column: NumberColumn; row: RowNumbers; rowKey: string }) {
  const value = column.value(row);
  const times = column.now ? factor(rowKey, column.now, value) : '';
  return (
    <td class={column.failure && (value ?? 0) > 0 ? 'bad' : ''}>
      {times && <small class="factor">{times}</small>} {column.shown(value)}
    </td>
  );
}

function inOrderOf<Row extends RowNumbers>(
  rows: Row[],
  sorted: string | undefined,
  heads: Head<Row>[],
  numbers: NumberColumn[],
): Row[] {
  const column = numbers.find(({ title }) => title === sorted);
  if (column) return rows.toSorted((a, b) => (column.value(b) ?? -1) - (column.value(a) ?? -1));
  const head = heads.find(({ title }) => title === sorted);
  return head ? rows.toSorted((a, b) => head.text(a).localeCompare(head.text(b))) : rows;
}
