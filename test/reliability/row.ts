import type { Random } from '@app/load';

/** One number of a row: what was measured, and what it must reach. */
export interface Figure {
  /** What was measured, such as `slowest answer while PostgreSQL is away`. */
  name: string;
  /** With its unit, for people. */
  measured: string;
  /** For people, such as `<= 3.1 s`. */
  mustReach: string;
  /** Whether it was reached. Limits of time leave room for a machine that is busy. */
  holds: boolean;
}

/** What a row receives. */
export interface Run {
  /** Whether this is the whole measurement; otherwise it is the short form that is part of the tests. */
  full: boolean;
  /** The only source of chance, so that the seed repeats it. */
  random: Random;
  /** Reports the progress to the person who waits. */
  progress(text: string): void;
}

/** One row of the table: a claim, and how it is measured with real processes and a real PostgreSQL. */
export interface Row {
  /** `R1` to `R18`. */
  id: string;
  /** The claim as a sentence. */
  claim: string;
  /** Whether the result depends on how long something takes: its short form then runs when no other test does. */
  byTime: boolean;
  measure(run: Run): Promise<Figure[]>;
}

/** The result of a row. */
export interface Outcome {
  id: string;
  claim: string;
  figures: Figure[];
  /** Why it could not be measured completely. */
  failure?: string;
  seconds: number;
}
