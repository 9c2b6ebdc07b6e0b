export type Labels = Record<string, string>;

/** A value of a series at a time in seconds; NaN if a scrape did not find the series any more. */
export interface Sample {
  at: number;
  value: number;
}

export interface Series {
  labels: Labels;
  samples: Sample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g;
const ESCAPES: Record<string, string> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** What a Prometheus has scraped: series of samples in memory. The name of a metric is its label `__name__`. */
export class Recording {
  private readonly series = new Map<string, Series>();

  /** Adds one scrape of one target, whose labels are added to each of its series. */
  scraped(at: number, target: Labels, text: string): void {
    const seen = new Set<string>();
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? [];
      if (value === undefined) throw new Error(`not in the text format of Prometheus: ${line}`);
      const series = this.of({ ...labelsOf(labels), ...target, __name__: name });
      series.samples.push({ at, value: numberOf(value) });
      seen.add(keyOf(series.labels));
    }
    for (const [key, { labels, samples }] of this.series)
      if (!seen.has(key) && Object.entries(target).every(([label, value]) => labels[label] === value))
        samples.push({ at, value: Number.NaN });
  }

  /** All series with that name. */
  named(name: string): Series[] {
    return [...this.series.values()].filter(({ labels }) => labels.__name__ === name);
  }

  private of(labels: Labels): Series {
    const key = keyOf(labels);
    const series = this.series.get(key) ?? { labels, samples: [] };
    this.series.set(key, series);
    return series;
  }
}

/** Equal for equal labels, whatever their order. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function labelsOf(text: string): Labels {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [
      name,
      value?.replace(/\\[n"\\]/g, (escaped) => ESCAPES[escaped] ?? escaped),
    ]),
  );
}

function numberOf(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return Number(text.replace('Inf', 'Infinity'));
  return Number(text);
}
