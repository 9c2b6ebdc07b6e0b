import { evaluate, READERS, type Reader, unseen, type Verdict } from '@app/conformance';
import { Injectable } from '@nestjs/common';
import { SpanStore } from '../spans/span-store';
import { LatestSignals } from './latest-signals';

/** Spans of all services among which those of each are looked for. */
const LATEST_SPANS = 5_000;
/** Of each service; the judge takes about 0.1 ms for one. */
const MOST_SPANS = 200;
const MOST_SERVICES = 10;
/** Milliseconds for which an answer is given again: a page that is reloaded costs nothing more. */
const GOOD_FOR_MS = 5_000;

/** What one reader makes of what a service sends. */
interface ReaderView {
  reader: Reader;
  name: string;
  /** `shown`: nothing that is required is broken. `nothing`: nothing came that this reader's rules speak of. */
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
  /** How much of each signal was judged: the latest that came. */
  judged: { spans: number; metrics: number; logs: number };
  readers: ReaderView[];
}

/** Holds what services send to this console against what each backend needs. */
@Injectable()
export class ConformanceWatch {
  private latest?: { at: number; services: ServiceConformance[] };

  constructor(
    private readonly spans: SpanStore,
    private readonly signals: LatestSignals,
  ) {}

  /** Of every service that sent something lately, the one with the latest span first. */
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
