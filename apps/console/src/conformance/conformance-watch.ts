import { evaluate, READERS, type Reader, unseen, type Verdict } from '@app/conformance';
import { Injectable } from '@nestjs/common';
import { SpanStore } from '../spans/span-store';
import { LatestSignals } from './latest-signals';

/** Number of the latest spans of all services from which those of each are taken. */
const LATEST_SPANS = 5_000;
/** Spans of each service at most; evaluating one takes about 0.1 ms. */
const MOST_SPANS = 200;
const MOST_SERVICES = 10;
/** Milliseconds for which an answer is reused, so that reloading the page costs nothing more. */
const GOOD_FOR_MS = 5_000;

/** What one reader makes of what a service sends. */
interface ReaderView {
  reader: Reader;
  name: string;
  /** `shown`: no required rule is broken. `nothing`: nothing was received to which this reader's rules apply. */
  state: 'shown' | 'not shown' | 'nothing';
  /** The rules that are broken, required ones first. */
  broken: BrokenRule[];
}

type BrokenRule = Pick<
  Verdict,
  'id' | 'level' | 'signal' | 'title' | 'without' | 'source' | 'checked' | 'broken' | 'examples'
>;

export interface ServiceConformance {
  service: string;
  /** How much of each signal was evaluated: the latest that was received. */
  judged: { spans: number; metrics: number; logs: number };
  readers: ReaderView[];
}

/** Evaluates what services send to this console by what each backend needs. */
@Injectable()
export class ConformanceWatch {
  private latest?: { at: number; services: ServiceConformance[] };

  constructor(
    private readonly spans: SpanStore,
    private readonly signals: LatestSignals,
  ) {}

  /** Every service that sent something lately, the one with the latest span first. */
  services(): ServiceConformance[] {
    if (!this.latest || performance.now() - this.latest.at > GOOD_FOR_MS)
      this.latest = { at: performance.now(), services: this.judged() };
    return this.latest.services;
  }

  private judged(): ServiceConformance[] {
    const spans = Map.groupBy(
      this.spans.latest(() => true, LATEST_SPANS),
      ({ service }) => service,
    );
    const names = new Set([...spans.keys(), ...this.signals.names]);
    return [...names].slice(0, MOST_SERVICES).map((service) => {
      const { resource, metrics, logs } = this.signals.of(service);
      const latest = (spans.get(service) ?? []).slice(0, MOST_SPANS);
      const received = { spans: latest.map((span) => ({ ...span, resource })), metrics, logs };
      return {
        service,
        judged: { spans: received.spans.length, metrics: metrics.length, logs: logs.length },
        readers: byReader(evaluate(received)),
      };
    });
  }
}

function byReader(verdicts: readonly Verdict[]): ReaderView[] {
  const silent = new Set(unseen(verdicts));
  return [...Map.groupBy(verdicts, ({ reader }) => reader)].map(([reader, of]) => {
    const broken = of.filter((verdict) => verdict.broken > 0);
    const fails = broken.some(({ level }) => level === 'required');
    return {
      reader,
      name: READERS[reader],
      state: silent.has(reader) ? 'nothing' : fails ? 'not shown' : 'shown',
      broken: broken.map(brokenRule).sort((one, other) => rank(one) - rank(other)),
    };
  });
}

function brokenRule(verdict: Verdict): BrokenRule {
  const { id, level, signal, title, without, source, checked, broken, examples } = verdict;
  return { id, level, signal, title, without, source, checked, broken, examples };
}

function rank({ level }: BrokenRule): number {
  return ['required', 'recommended', 'opt-in'].indexOf(level);
}
