import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART } from './places.ts';

/** Names of all metrics in the alerts and in the dashboard. */
export function metricsUsed(): string[] {
  const texts = ['prometheus-rules.yaml', 'grafana-dashboard.json'].map((file) =>
    readFileSync(join(CHART, 'files', file), 'utf8'),
  );
  // Labels may begin as metrics do, in groupings and in the text of an alert.
  const ungrouped = texts.map((text) => text.replace(/\bby \([^)]*\)/g, ''));
  const names = ungrouped.flatMap(
    (text) => text.match(/(?<!\$labels\.)\b(?:db_client|demo)_[a-z_]+(?=[\s{[)])/g) ?? [],
  );
  return [...new Set(names)].sort();
}
