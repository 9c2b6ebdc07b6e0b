import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { factor } from '../baseline';
import { whole } from '../format';
import type { Figure, Figured } from './figures';

interface Head<Row> {
  title: string;
  /** What it is searched and sorted by, and shown where nothing else is said. */
  text: (row: Row) => string;
  cell?: (row: Row) => ComponentChildren;
  /** It takes what the others leave. */
  wide?: true;
}

interface SortedTableProps<Row extends Figured> {
  id: string;
  rows: Row[];
  heads: Head<Row>[];
  figures: Figure[];
  keyOf: (row: Row) => string;
  marked?: (row: Row) => boolean;
  /** Rows that are shown at once. */
  most?: number;
}

/** Rows from which on there is a filter. */
const MANY = 8;

/** Rows by a column that is chosen by click: at most so many of them, the rest by a word. */
export function SortedTable<Row extends Figured>(props: SortedTableProps<Row>) {
  const { id, rows, heads, figures, keyOf, marked, most = 20 } = props;
  const [sorted, setSorted] = useState<string>();
  const [word, setWord] = useState('');
  const found = rows.filter((row) =>
    heads.some(({ text }) => text(row).toLowerCase().includes(word.trim().toLowerCase())),
  );
  const shown = inOrderOf(found, sorted, heads, figures).slice(0, most);
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
      {rows.length > MANY && (
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
            {figures.map(({ title }) => head(title))}
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
              {figures.map((figure) => (
                <FigureCell key={figure.title} figure={figure} row={row} rowKey={keyOf(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function FigureCell({ figure, row, rowKey }: { figure: Figure; row: Figured; rowKey: string }) {
  const value = figure.value(row);
  const times = figure.now ? factor(rowKey, figure.now, value) : '';
  return (
    <td class={figure.failure && (value ?? 0) > 0 ? 'bad' : ''}>
      {times && <small class="factor">{times}</small>} {figure.shown(value)}
    </td>
  );
}

function inOrderOf<Row extends Figured>(
  rows: Row[],
  sorted: string | undefined,
  heads: Head<Row>[],
  figures: Figure[],
): Row[] {
  const figure = figures.find(({ title }) => title === sorted);
  if (figure) return rows.toSorted((a, b) => (figure.value(b) ?? -1) - (figure.value(a) ?? -1));
  const head = heads.find(({ title }) => title === sorted);
  return head ? rows.toSorted((a, b) => head.text(a).localeCompare(head.text(b))) : rows;
}
