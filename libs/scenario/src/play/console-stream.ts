import { setTimeout } from 'node:timers/promises';
import type { Observation } from './deployment';

/** Milliseconds after which what was last heard is out of date. */
const FRESH_MS = 3_000;
const AGAIN_AFTER_MS = 500;
const SESSIONS_EVERY_MS = 1_000;
const SESSIONS_WITHIN_MS = 2_000;

/** What is read of the console's events; there is more in them. */
interface Budget {
  max: number;
  open: number;
  slots: { state: 'active' | 'idle' | 'held' | 'lock' | 'transaction' }[];
  services: { service: string; open: number; waiting: number }[];
}

interface View {
  diagnosis: { findings: { name: string; evidence: string[] }[] };
  services: { service: string; faults: { fault: string; enabled: boolean }[] }[];
}

interface Sessions {
  sessions: { role: string; state: string; wait: string }[];
}

/** Follows the events that the console sends to its page, over any interruption. */
export class ConsoleStream {
  private readonly over = new AbortController();
  private budget?: Budget;
  private view?: View;
  private waits: Record<string, number> = {};
  private heardAt = Number.NEGATIVE_INFINITY;
  private readonly working: Promise<unknown>;

  /** @param record gets each event, as it came */
  constructor(
    private readonly console: string,
    private readonly record: (event: string, data: string) => void,
  ) {
    this.working = Promise.all([this.follow(), this.askForSessions()]);
  }

  /** Undefined while nothing is heard. */
  get latest(): Observation | undefined {
    const { budget, view } = this;
    if (!budget || !view || performance.now() - this.heardAt > FRESH_MS) return undefined;
    const count = (wanted: string) => budget.slots.filter(({ state }) => state === wanted).length;
    const { findings } = view.diagnosis;
    return {
      max: budget.max,
      open: budget.open,
      active: count('active'),
      idle: count('idle'),
      held: count('held'),
      lock: count('lock'),
      transaction: count('transaction'),
      waiting: budget.services.reduce((sum, { waiting }) => sum + waiting, 0),
      services: Object.fromEntries(budget.services.map(({ service, open }) => [service, open])),
      named: findings.map(({ name }) => name),
      evidence: findings[0]?.evidence ?? [],
      faults: view.services.flatMap(({ service, faults }) =>
        faults.filter(({ enabled }) => enabled).map(({ fault }) => `${service}: ${fault}`),
      ),
      waits: this.waits,
    };
  }

  async end(): Promise<void> {
    this.over.abort();
    await this.working;
  }

  private async follow(): Promise<void> {
    while (!this.over.signal.aborted) {
      await this.read().catch(() => undefined);
      await setTimeout(AGAIN_AFTER_MS);
    }
  }

  private async read(): Promise<void> {
    const response = await fetch(new URL('/api/live?window=1', this.console), { signal: this.over.signal });
    if (!response.ok || !response.body) return;
    let rest = '';
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + part).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) this.take(event);
    }
  }

  private take(text: string): void {
    const [, event, data] = /^event: (.+)\ndata: (.+)$/.exec(text) ?? [];
    if (!event || !data) return;
    this.heardAt = performance.now();
    this.record(event, data);
    if (event === 'budget') this.budget = JSON.parse(data) as Budget;
    if (event === 'view') this.view = JSON.parse(data) as View;
  }

  private async askForSessions(): Promise<void> {
    while (!this.over.signal.aborted) {
      try {
        const signal = AbortSignal.any([this.over.signal, AbortSignal.timeout(SESSIONS_WITHIN_MS)]);
        const response = await fetch(new URL('/api/sessions', this.console), { signal });
        const { sessions } = (await response.json()) as Sessions;
        const active = sessions.filter(({ state }) => state === 'active');
        const groups = Map.groupBy(active, ({ wait }) => wait || 'CPU');
        this.waits = Object.fromEntries([...groups].map(([wait, group]) => [wait, group.length]));
      } catch {
        this.waits = {};
      }
      await setTimeout(SESSIONS_EVERY_MS);
    }
  }
}
