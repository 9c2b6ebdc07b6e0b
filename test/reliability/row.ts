import type { Random } from '@app/load';

/** One figure of a row: what was measured, and what it must reach. */
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

/** What a row is given. */
export interface Run {
  /** The whole measurement; else the short form that is part of the tests. */
  full: boolean;
  /** All chance comes from here, so that the seed repeats it. */
  random: Random;
  /** Tells the one who waits how far it is. */
  progress(text: string): void;
}

/** One row of the table: a claim, and how it is measured against real processes and a real PostgreSQL. */
export interface Row {
  /** `R1` to `R17`. */
  id: string;
  /** What is claimed, as a sentence. */
  claim: string;
  /** Whether it is also judged by how long something takes: its short form runs when no other test does. */
  byTime: boolean;
  measure(run: Run): Promise<Figure[]>;
}

/** What came of a row. */
export interface Outcome {
  id: string;
  claim: string;
  figures: Figure[];
  /** Why it could not be measured to its end. */
  failure?: string;
  seconds: number;
}
