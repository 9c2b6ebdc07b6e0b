import { diagnose, type Found } from './diagnose';
import { FAILURES } from './failures';
import { type Features, features } from './features/features';
import type { Sample, Subject } from './sample';
import type { FailureName, NextBest, Signs } from './signs';
import { TITLES } from './titles';

/** Milliseconds that count as now. */
const NOW_MS = 4_000;
/** Milliseconds that the samples of a window must cover at least. */
const SHORTEST_MS = 1_400;
/** The rest: samples of at most this many milliseconds, none of them in the window of now. */
const REST_MS = 30_000;
const SHORTEST_REST_MS = 4_000;
/** Milliseconds between two computations of the rest. */
const REST_EVERY_MS = 2_000;
/** Consecutive evaluations that must not find a failure before it counts as gone. */
const GONE_AFTER = 2;

/** A failure as it is reported. */
export interface Finding {
  name: FailureName;
  /** The same in words for everybody. */
  title: string;
  /** How many slow or failing operations it explains; undefined for one that concerns more than operations. */
  operations?: number;
  /** When it began, in ISO 8601. */
  since: string;
  evidence: [string, string, string];
  next_best: NextBest;
  advice: string;
}

/** What is wrong at one moment; no finding if all is well. */
export interface Diagnosis {
  /** ISO 8601. */
  at: string;
  findings: Finding[];
}

/** What is remembered of a failure from one evaluation to the next. */
interface Suspicion {
  found: Found;
  /** Unix milliseconds of the first evaluation that found it. */
  since: number;
  times: number;
  missed: number;
}

/** Follows the samples of a database, remembers its state at rest, and says what is wrong now. */
export class Diagnostician {
  private readonly samples: { sample: Sample; calm: boolean }[] = [];
  private readonly suspicions = new Map<FailureName, Suspicion>();
  private rest?: { features: Features; computedAt: number };
  private current: Diagnosis = { at: new Date(0).toISOString(), findings: [] };

  constructor(private readonly subject: Subject) {}

  get diagnosis(): Diagnosis {
    return this.current;
  }

  /** The two windows of the latest evaluation, for a caller that wants to keep them. */
  get windows(): { now?: Features; rest?: Features } {
    return { now: this.now(), rest: this.rest?.features };
  }

  take(sample: Sample): Diagnosis {
    this.samples.push({ sample, calm: false });
    while (this.samples[0] && sample.at - this.samples[0].sample.at > REST_MS + NOW_MS) this.samples.shift();
    const now = this.now();
    const found = now ? diagnose(now, this.rest?.features, this.subject) : [];
    const latest = this.samples.at(-1);
    if (latest) latest.calm = now !== undefined && found.length === 0;
    this.remember(found, sample.at);
    this.rememberRest(sample.at);
    this.current = { at: new Date(sample.at).toISOString(), findings: this.findings() };
    return this.current;
  }

  private now(): Features | undefined {
    const latest = this.samples.at(-1)?.sample.at ?? 0;
    const window = this.samples.map(({ sample }) => sample).filter(({ at }) => latest - at <= NOW_MS);
    const length = latest - (window[0]?.at ?? latest);
    return length < SHORTEST_MS ? undefined : features(window, this.subject);
  }

  private remember(found: readonly Found[], at: number): void {
    for (const one of found) {
      const { name } = one.failure;
      const known = this.suspicions.get(name) ?? { since: one.signs.since ?? at, times: 0 };
      this.suspicions.set(name, { ...known, found: one, times: known.times + 1, missed: 0 });
    }
    const names = new Set(found.map(({ failure }) => failure.name));
    for (const [name, suspicion] of this.suspicions) {
      if (names.has(name)) continue;
      suspicion.missed += 1;
      const reported = suspicion.times >= suspicion.found.failure.patience;
      if (!reported || suspicion.missed >= GONE_AFTER) this.suspicions.delete(name);
    }
  }

  /** Keeps the samples of the last calm time, without those that may already show the beginning of a failure. */
  private rememberRest(at: number): void {
    if (this.rest && at - this.rest.computedAt < REST_EVERY_MS) return;
    const older = this.samples.filter(({ sample }) => at - sample.at > NOW_MS);
    const begin = older.findLastIndex(({ calm }) => !calm) + 1;
    const calm = older.slice(begin).map(({ sample }) => sample);
    const latest = this.samples.at(-1);
    if (!latest?.calm || (calm.at(-1)?.at ?? 0) - (calm[0]?.at ?? 0) < SHORTEST_REST_MS) return;
    this.rest = { features: features(calm, this.subject), computedAt: at };
  }

  private findings(): Finding[] {
    const known = FAILURES.flatMap(({ name }) => this.suspicions.get(name) ?? []);
    const reported = known.filter(({ found, times }) => times >= found.failure.patience);
    return reported.map(({ found: { failure, signs }, since }) => ({
      name: failure.name,
      title: TITLES[failure.name],
      operations: operationsOf(signs),
      since: new Date(since).toISOString(),
      evidence: signs.evidence,
      next_best: signs.nextBest,
      advice: failure.advice,
    }));
  }
}

function operationsOf({ explains }: Signs): number | undefined {
  const { operations, pools, errors } = explains ?? {};
  const alone = pools === undefined && errors === undefined && Array.isArray(operations);
  return alone && operations.length > 0 ? operations.length : undefined;
}
