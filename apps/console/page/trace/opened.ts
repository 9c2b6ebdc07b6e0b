import { signal } from '@preact/signals';
import type { LogView } from '../../src/logs/log-store';
import type { ExecutionView, SpanView } from '../../src/spans/span-view';
import { row } from '../address';

/** What the panel shows: executions of a statement, one of their traces, one span of it. */
interface Opened {
  statement: string;
  spans: ExecutionView[];
  trace: SpanView[];
  logs: LogView[];
  /** Id of the span whose attributes are shown. */
  spanId?: string;
}

export const opened = signal<Opened>();

/** Opens the panel with executions, and the most informative trace. */
export async function openStatement(statement: string): Promise<void> {
  const path = `/api/spans?statement=${encodeURIComponent(statement)}`;
  const [failed = [], latest = []] = await Promise.all([
    read<ExecutionView[]>(`${path}&failed=true`),
    read<ExecutionView[]>(path),
  ]);
  const ids = new Set(failed.map(({ spanId }) => spanId));
  const spans = [...failed, ...latest.filter(({ spanId }) => !ids.has(spanId))].sort(mostInformativeFirst);
  opened.value = { statement, spans, trace: [], logs: [] };
  if (spans[0]) await openTrace(spans[0]);
}

export async function openTrace({ traceId, spanId }: SpanView): Promise<void> {
  const [trace = [], logs = []] = await Promise.all([
    read<SpanView[]>(`/api/traces/${traceId}`),
    read<LogView[]>(`/api/traces/${traceId}/logs`),
  ]);
  if (opened.value) opened.value = { ...opened.value, trace, logs, spanId };
}

export function showSpan(spanId: string): void {
  if (opened.value) opened.value = { ...opened.value, spanId };
}

export function closeTrace(): void {
  opened.value = undefined;
  row.value = undefined;
}

/** Failed executions first, then the longest; among similar ones, the larger trace. */
function mostInformativeFirst(a: ExecutionView, b: ExecutionView): number {
  const failed = ({ status }: ExecutionView) => Number(status === 'ERROR');
  // Durations that round to the same tenth of a second count as similar.
  const tenths = ({ durationMs }: ExecutionView) => Math.round(durationMs / 100);
  return failed(b) - failed(a) || tenths(b) - tenths(a) || b.traceSpans - a.traceSpans;
}

async function read<T>(path: string): Promise<T | undefined> {
  const response = await fetch(path).catch(() => undefined);
  return response?.ok ? response.json() : undefined;
}
