import { setTimeout } from 'node:timers/promises';
import type { FaultEffect } from '../fault';

const MEASURE_EVERY_MS = 500;
const LOOK_EVERY_MS = 50;

/** What PostgreSQL says of a fault. */
export interface Measurement {
  measured: Record<string, number>;
  effective: boolean;
  /** What was measured as a part of a sentence, such as "6 rows locked, 2 sessions wait for them". */
  detail: string;
}

/** Measures again and again while the fault is on; what cannot be measured is told as such. */
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
      for (let rest = MEASURE_EVERY_MS; rest > 0 && this.on; rest -= LOOK_EVERY_MS)
        await setTimeout(LOOK_EVERY_MS);
    }
  }
}

/** Asked and measured side by side, as one sentence too. */
export function effectOf(
  asked: Record<string, unknown>,
  measurement: Measurement | undefined,
  failure: string | undefined,
): FaultEffect {
  const words = Object.entries(asked).map(([name, value]) => `${name} ${value}`);
  const told = words.length > 0 ? `asked ${words.join(', ')}` : 'asked for it';
  if (failure) return { asked, effective: false, detail: `NOT EFFECTIVE: ${told}; ${failure}` };
  if (!measurement) return { asked, detail: `${told}; not measured yet` };
  const { measured, effective, detail } = measurement;
  return { asked, measured, effective, detail: `${effective ? '' : 'NOT EFFECTIVE: '}${told}; ${detail}` };
}
