import { setTimeout } from 'node:timers/promises';
import type { FaultEffect } from '../fault';

const MEASURE_EVERY_MS = 500;
const POLL_EVERY_MS = 50;

/** What PostgreSQL reports about a fault. */
export interface Measurement {
  measured: Record<string, number>;
  effective: boolean;
  /** The measured values as a part of a sentence, such as "6 rows locked, 2 sessions wait for them". */
  detail: string;
}

/** Measures repeatedly while the fault is on; what cannot be measured is reported as such. */
export class Measuring {
  latest?: Measurement;
  failure?: string;
  private on = true;
  private readonly ended: Promise<void>;

  constructor(measure: () => Promise<Measurement>) {
    this.ended = this.keepMeasuring(measure);
  }

  /** Resolves when the last measurement has ended. */
  stop(): Promise<void> {
    this.on = false;
    return this.ended;
  }

  private async keepMeasuring(measure: () => Promise<Measurement>): Promise<void> {
    while (this.on) {
      try {
        const measurement = await measure();
        this.failure = undefined;
        this.latest = measurement;
      } catch (error) {
        this.failure = (error as Error).message;
      }
      for (let rest = MEASURE_EVERY_MS; rest > 0 && this.on; rest -= POLL_EVERY_MS)
        await setTimeout(POLL_EVERY_MS);
    }
  }
}

/** The requested and the measured values side by side, and as one sentence. */
export function effectOf(
  asked: Record<string, unknown>,
  measurement: Measurement | undefined,
  failure: string | undefined,
): FaultEffect {
  const words = Object.entries(asked).map(([name, value]) => `${name} ${value}`);
  const request = words.length > 0 ? `asked ${words.join(', ')}` : 'asked for it';
  if (failure) return { asked, effective: false, detail: `NOT EFFECTIVE: ${request}; ${failure}` };
  if (!measurement) return { asked, detail: `${request}; not measured yet` };
  const { measured, effective, detail } = measurement;
  return { asked, measured, effective, detail: `${effective ? '' : 'NOT EFFECTIVE: '}${request}; ${detail}` };
}
