import { signal } from '@preact/signals';
import type { ExecutionView, SpanView } from '../../src/spans/span-view';

/** What the panel shows: executions of a statement, one of their traces, one span of it. */
interface Opened {
  statement: string;
  spans: ExecutionView[];
  trace: SpanView[];
  /** Id of the span whose attributes are shown. */
  spanId?: string;
}

export const opened = signal<Opened>();

/** Opens the panel with the latest executions, and the trace that has most to tell. */
export async function openStatement(statement: string): Promise<void> {
  const spans = await read<ExecutionView[]>(`/api/spans?statement=${encodeURIComponent(statement)}`);
  opened.value = { statement, spans: spans ?? [], trace: [] };
  const [richest] = spans?.toSorted((a, b) => b.traceSpans - a.traceSpans) ?? [];
  if (richest) await openTrace(richest);
}

export async function openTrace({ traceId, spanId }: SpanView): Promise<void> {
  const trace = await read<SpanView[]>(`/api/traces/${traceId}`);
  if (opened.value) opened.value = { ...opened.value, trace: trace ?? [], spanId };
}

export function showSpan(spanId: string): void {
  if (opened.value) opened.value = { ...opened.value, spanId };
}

export function closeTrace(): void {
  opened.value = undefined;
}

async function read<T>(path: string): Promise<T | undefined> {
  const response = await fetch(path).catch(() => undefined);
  return response?.ok ? response.json() : undefined;
}
