import type { DecodedSpan } from '@app/otlp';
import type { Backend } from '@app/telemetry';

/** One thing that a backend needs of a span. */
export interface Rule {
  backend: Backend;
  title: string;
  /** Whether it says anything about this span. */
  appliesTo(span: DecodedSpan): boolean;
  /** What is wrong; undefined if nothing is. */
  fault(span: DecodedSpan, all: readonly DecodedSpan[]): string | undefined;
}
