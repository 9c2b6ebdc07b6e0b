import { html, type Markup } from './markup';

/** A line or a layer of a chart: one value for each time. */
export interface Series {
  name: string;
  /** Class of its colour, c1 to c8. */
  color: string;
  values: (number | null)[];
}

/** Something with a beginning and an end, drawn behind a chart. */
export interface Band {
  name: string;
  from: number;
  to: number;
}

export interface ChartData {
  title: string;
  unit: string;
  /** Seconds. */
  times: number[];
  series: Series[];
  /** Whether the series are layers, stacked on each other. */
  stacked?: boolean;
  /** A limit that is drawn as a line. */
  limit?: { name: string; value: number };
  bands: Band[];
  seconds: number;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [960, 190, 52, 8, 10, 22];
/** Points of a line at most: the greatest of each group is kept, so that no short peak is lost. */
const MOST_POINTS = 480;

/** A chart as SVG, with its legend. It has no script and no style: the classes are those of the page. */
export function chart(data: ChartData): Markup {
  const thinned = thin(data);
  const layers = thinned.stacked ? stack(thinned.series) : thinned.series;
  const top = nice(
    Math.max(1, data.limit?.value ?? 0, ...layers.flatMap(({ values }) => values.map((value) => value ?? 0))),
  );
  const x = (seconds: number) => LEFT + (seconds / data.seconds) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  return html`<figure><figcaption>${data.title}<small>${data.unit}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${data.title} over time">
${data.bands.map(({ name, from, to }) => html`<rect class="band" x="${fix(x(from))}" y="${TOP}" width="${fix(x(to) - x(from))}" height="${HEIGHT - TOP - BOTTOM}"><title>${name}</title></rect>`)}
${marks.map((mark) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fix(y(mark))}" y2="${fix(y(mark))}"/><text class="axis end" x="${LEFT - 6}" y="${fix(y(mark) + 4)}">${short(mark)}</text>`)}
${times(data.seconds).map((second) => html`<text class="axis mid" x="${fix(x(second))}" y="${HEIGHT - 5}">${second} s</text>`)}
${[...layers].reverse().map(({ color, values }) => (thinned.stacked ? area(color, thinned.times, values, x, y) : line(color, thinned.times, values, x, y)))}
${data.limit && html`<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fix(y(data.limit.value))}" y2="${fix(y(data.limit.value))}"/>`}
</svg>
<ul class="legend">${data.series.map(({ name, color }) => html`<li><i class="${color}"></i>${name}</li>`)}${data.limit && html`<li><i class="limit"></i>${data.limit.name}</li>`}</ul></figure>`;
}

type Scale = (value: number) => number;

function line(color: string, at: number[], values: (number | null)[], x: Scale, y: Scale): Markup {
  let pen = 'M';
  const path = values.map((value, index) => {
    if (value === null) {
      pen = 'M';
      return '';
    }
    const point = `${pen}${fix(x(at[index] ?? 0))} ${fix(y(value))}`;
    pen = 'L';
    return point;
  });
  return html`<path class="line ${color}" d="${path.join('')}"/>`;
}

function area(color: string, at: number[], values: (number | null)[], x: Scale, y: Scale): Markup {
  if (at.length === 0) return html``;
  const points = values.map((value, index) => `L${fix(x(at[index] ?? 0))} ${fix(y(value ?? 0))}`).join('');
  return html`<path class="area ${color}" d="M${fix(x(at[0] ?? 0))} ${fix(y(0))}${points}L${fix(x(at.at(-1) ?? 0))} ${fix(y(0))}Z"/>`;
}

/** Adds to each layer those below it. */
function stack(series: readonly Series[]): Series[] {
  const sums: number[] = [];
  return series.map(({ name, color, values }) => {
    for (const [index, value] of values.entries()) sums[index] = (sums[index] ?? 0) + (value ?? 0);
    return { name, color, values: [...sums] };
  });
}

function thin(data: ChartData): ChartData {
  const group = Math.ceil(data.times.length / MOST_POINTS);
  if (group <= 1) return data;
  const starts = data.times.map((_, index) => index).filter((index) => index % group === 0);
  const most = (values: (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length > 0 ? Math.max(...known) : null;
  };
  return {
    ...data,
    times: starts.map((start) => data.times[start] ?? 0),
    series: data.series.map((one) => ({
      ...one,
      values: starts.map((start) => most(one.values.slice(start, start + group))),
    })),
  };
}

function nice(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 4, 5, 10].find((step) => step * unit >= value) ?? 10) as number) * unit;
}

function times(seconds: number): number[] {
  const step = [5, 10, 20, 30, 60, 120].find((one) => seconds / one <= 10) ?? 240;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

function short(value: number): string {
  return value >= 1_000 ? `${Number((value / 1_000).toPrecision(2))}k` : String(Number(value.toPrecision(3)));
}

function fix(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : '0';
}
