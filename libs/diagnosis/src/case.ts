import { sum } from './features/arithmetic';
import type { OperationStats, PoolStats } from './features/clients';
import type { Features } from './features/features';
import type { ServerStats, StatementStats } from './features/server';
import type { SessionStats } from './features/sessions';
import type { Subject } from './sample';
import type { Explained, FailureName } from './signs';

/** An operation with fewer calls than this shows nothing. */
const ENOUGH_CALLS = 3;
/** An operation with fewer calls than this has no mean that says much. */
const MEANS_MUCH_CALLS = 10;

/** An operation compared with its time at rest, and with what the server reports about the same statements. */
export interface OperationChange {
  /** Such as `inventory-service UPDATE products`. */
  key: string;
  now: OperationStats;
  before?: OperationStats;
  server?: StatementStats;
  serverBefore?: StatementStats;
  /** Whether it is slower by itself, and not only because everything is. */
  slower: boolean;
  /** Whether the server's execution time grew as much, too. */
  slowerInServer: boolean;
}

/**
 * What is observed now, compared with what was observed at rest, without what already has its cause. All questions that
 * the failures ask about the numbers are answered here, so that each failure is as short as the knowledge in it.
 */
export class Case {
  readonly sessions: SessionStats;
  readonly server: ServerStats;
  readonly seconds: number;

  constructor(
    readonly subject: Subject,
    private readonly features: Features,
    private readonly rest?: Features,
    private readonly explained: readonly Explained[] = [],
  ) {
    this.sessions = features.sessions;
    this.server = features.server;
    this.seconds = features.seconds;
  }

  /** The same case without the signs whose cause was found. */
  without(explained: Explained): Case {
    return new Case(this.subject, this.features, this.rest, [...this.explained, explained]);
  }

  /** Whether it is a consequence of something that was found already. */
  comesAlong(name: FailureName): boolean {
    return this.explained.some(({ failures }) => failures?.includes(name));
  }

  /** Milliseconds in which the server answers the observer: on a busy machine, the observer too waits for its turn. */
  get roundTrip(): Features['roundTrip'] {
    return this.features.roundTrip;
  }

  /** Statements answered each second, as a share of those at rest; undefined if that is not known. */
  get answeredShare(): number | undefined {
    const answered = ({ clients, seconds }: Features) =>
      sum(clients.operations.map(({ count }) => count)) / seconds;
    return this.rest && answered(this.features) / answered(this.rest);
  }

  /** Unix milliseconds of the last sample. */
  get at(): number {
    return this.features.at;
  }

  /** Whether there is a time at rest to compare with. */
  get hasRest(): boolean {
    return this.rest !== undefined;
  }

  get restServer(): ServerStats | undefined {
    return this.rest?.server;
  }

  /** Connections that the services may have together. */
  get budget(): number {
    return this.server.roleLimit >= 0 ? this.server.roleLimit : this.subject.budget;
  }

  /** Whether more connections could be opened, because neither the budget nor the server prevents it. */
  get hasRoom(): boolean {
    const { own, total } = this.sessions;
    return own < 0.7 * this.budget && total < 0.9 * (this.server.maxConnections - this.server.reserved);
  }

  /** Requests a second, now and, if known, at rest. */
  get requests(): { now: number; before?: number; gone: number } {
    const { answered, gone } = this.features.clients.requests;
    return { now: answered, before: this.rest?.clients.requests.answered, gone };
  }

  get statementsPerRequest(): { now: number; before?: number } {
    const of = ({ clients }: Features) =>
      clients.requests.answered > 0 ? clients.statements / clients.requests.answered : 0;
    return { now: of(this.features), before: this.rest && of(this.rest) };
  }

  /** Failed statements a second with one of these `error.type`s whose cause has not been found yet. */
  errors(...types: string[]): number {
    const open = types.filter((type) => !this.explained.some(({ errors }) => errors?.includes(type)));
    return sum(
      this.features.clients.operations.flatMap(({ errors }) => open.map((type) => errors[type] ?? 0)),
    );
  }

  /** Pools with waiting requests whose cause has not been found yet, the longest queue first. */
  get pools(): PoolStats[] {
    const open = ({ service }: PoolStats) =>
      !this.explained.some(({ pools }) => pools === 'all' || pools?.includes(service));
    return this.features.clients.pools.filter(open).sort((a, b) => b.pending - a.pending);
  }

  /** All pools, whatever has been found. */
  get allPools(): PoolStats[] {
    return this.features.clients.pools;
  }

  /** Connections of the role that do nothing and that no pool keeps ready for its next request. */
  get kept(): number {
    return this.sessions.stale - sum(this.allPools.map(({ idle }) => idle));
  }

  /** Operations with enough calls, without those whose slowness already has its cause. */
  get operations(): OperationChange[] {
    const open = ({ key }: OperationChange) =>
      !this.explained.some(({ operations }) => operations === 'all' || operations?.includes(key));
    return this.allOperations.filter(open);
  }

  get allOperations(): OperationChange[] {
    const enough = this.features.clients.operations.filter(
      ({ count, table }) => table && count >= ENOUGH_CALLS,
    );
    const changes = enough.map((now) => this.change(now));
    const pace = this.pace(changes);
    return changes.map((change) => ({ ...change, ...slowness(change, pace) }));
  }

  private change(now: OperationStats): Omit<OperationChange, 'slower' | 'slowerInServer'> {
    const same = (one: { operation: string; table: string }) =>
      one.operation === now.operation && one.table === now.table;
    const before = this.rest?.clients.operations.find(
      (one) => one.service === now.service && same(one) && one.count >= ENOUGH_CALLS,
    );
    const [server, serverBefore] = this.mostChanged(this.server.statements.filter(same));
    return { key: `${now.service} ${now.operation} ${now.table}`, now, before, server, serverBefore };
  }

  /** Of several statements of the same kind, the one whose time grew most compared with the rest, and its time at rest. */
  private mostChanged(
    statements: readonly StatementStats[],
  ): [now?: StatementStats, before?: StatementStats] {
    const pairs = statements.map((now) => {
      const before = this.rest?.server.statements.find(({ id }) => id === now.id);
      return { now, before, added: now.mean - (before?.mean ?? 0) };
    });
    const [most] = pairs.sort((a, b) => b.added - a.added);
    return [most?.now, most?.before];
  }

  /**
   * How much slower everything is. A busy machine multiplies all times; a failure does not: so the second smallest
   * ratio of all operations is the machine's part in it.
   */
  private pace(changes: readonly Omit<OperationChange, 'slower' | 'slowerInServer'>[]): number {
    const ratios = changes
      .flatMap(({ now, before }) => (before ? [now.p50 / Math.max(0.5, before.p50)] : []))
      .sort((a, b) => a - b);
    return Math.max(1, ratios[1] ?? 1);
  }
}

/** Milliseconds by which something must be slower to count as slower. */
const SLOWER_MS = 8;
export const SLOWER_RATIO = 1.6;
/** Milliseconds that count as slow if there is nothing to compare with. */
const SLOW_WITHOUT_REST_MS = 99;

function slowness(
  { now, before, server, serverBefore }: Omit<OperationChange, 'slower' | 'slowerInServer'>,
  pace: number,
): Pick<OperationChange, 'slower' | 'slowerInServer'> {
  const added = now.mean - (before?.mean ?? 0);
  // Of a few calls, a single one that the machine has interrupted makes the mean: most of them must be slower then.
  const meansMuch = now.count >= MEANS_MUCH_CALLS;
  const byItself =
    now.p50 > SLOWER_RATIO * pace * (before?.p50 ?? now.p50) ||
    (meansMuch && now.mean > SLOWER_RATIO * pace * (before?.mean ?? now.mean));
  // If even the fastest calls take longer than most did, something was added to each: no busy machine does that.
  const toEachCall = now.floor > (before ? SLOWER_MS + 2 * before.p50 : SLOW_WITHOUT_REST_MS);
  const slower = added > SLOWER_MS && (byItself || toEachCall);
  const addedInServer = (server?.mean ?? 0) - (serverBefore?.mean ?? 0);
  const byServer =
    addedInServer > SLOWER_MS && (server?.mean ?? 0) > SLOWER_RATIO * (serverBefore?.mean ?? 0);
  return { slower, slowerInServer: slower && byServer };
}
