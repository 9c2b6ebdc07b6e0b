import { sum } from './features/arithmetic';
import type { OperationFigures, PoolFigures } from './features/clients';
import type { Features } from './features/features';
import type { ServerFigures, StatementFigures } from './features/server';
import type { SessionFigures } from './features/sessions';
import type { Subject } from './sample';
import type { Explained, FailureName } from './signs';

/** Fewer calls than this say nothing about an operation. */
const ENOUGH_CALLS = 3;

/** An operation beside what it was at rest, and beside what the server says of the same statements. */
export interface OperationChange {
  /** Such as `inventory-service UPDATE products`. */
  key: string;
  now: OperationFigures;
  before?: OperationFigures;
  server?: StatementFigures;
  serverBefore?: StatementFigures;
  /** Whether it is slower by itself, and not only because everything is. */
  slower: boolean;
  /** Whether the server executes it that much longer, too. */
  slowerInServer: boolean;
}

/**
 * What is seen now, beside what was seen at rest, without what has found its cause already. All questions that the
 * failures ask of the figures are answered here, so that each of them is as short as the knowledge in it.
 */
export class Case {
  readonly sessions: SessionFigures;
  readonly server: ServerFigures;
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

  /** The same without the signs that have found their cause. */
  without(explained: Explained): Case {
    return new Case(this.subject, this.features, this.rest, [...this.explained, explained]);
  }

  /** Whether it comes along with something that was found already. */
  comesAlong(name: FailureName): boolean {
    return this.explained.some(({ failures }) => failures?.includes(name));
  }

  /** In how many milliseconds the server answers the one who looks: on a busy machine, he too waits for his turn. */
  get roundTrip(): Features['roundTrip'] {
    return this.features.roundTrip;
  }

  /** Statements a second that were answered, as a share of those at rest; undefined where that is not known. */
  get answeredShare(): number | undefined {
    const answered = ({ clients, seconds }: Features) =>
      sum(clients.operations.map(({ count }) => count)) / seconds;
    return this.rest && answered(this.features) / answered(this.rest);
  }

  /** Unix milliseconds of the last look. */
  get at(): number {
    return this.features.at;
  }

  /** Whether there is anything to compare with. */
  get hasRest(): boolean {
    return this.rest !== undefined;
  }

  get restServer(): ServerFigures | undefined {
    return this.rest?.server;
  }

  /** Connections that the services may have together. */
  get budget(): number {
    return this.server.roleLimit >= 0 ? this.server.roleLimit : this.subject.budget;
  }

  /** Whether more connections could be opened: neither the budget nor the server stands in the way. */
  get hasRoom(): boolean {
    const { own, total } = this.sessions;
    return own < 0.7 * this.budget && total < 0.9 * (this.server.maxConnections - this.server.reserved);
  }

  /** Requests a second: now, and at rest where that is known. */
  get requests(): { now: number; before?: number; gone: number } {
    const { answered, gone } = this.features.clients.requests;
    return { now: answered, before: this.rest?.clients.requests.answered, gone };
  }

  get statementsPerRequest(): { now: number; before?: number } {
    const of = ({ clients }: Features) =>
      clients.requests.answered > 0 ? clients.statements / clients.requests.answered : 0;
    return { now: of(this.features), before: this.rest && of(this.rest) };
  }

  /** Failed statements a second with one of these `error.type`s that have found no cause yet. */
  errors(...types: string[]): number {
    const open = types.filter((type) => !this.explained.some(({ errors }) => errors?.includes(type)));
    return sum(
      this.features.clients.operations.flatMap(({ errors }) => open.map((type) => errors[type] ?? 0)),
    );
  }

  /** Pools whose requests' waiting has found no cause yet, the longest queue first. */
  get pools(): PoolFigures[] {
    const open = ({ service }: PoolFigures) =>
      !this.explained.some(({ pools }) => pools === 'all' || pools?.includes(service));
    return this.features.clients.pools.filter(open).sort((a, b) => b.pending - a.pending);
  }

  /** All pools, whatever has been found. */
  get allPools(): PoolFigures[] {
    return this.features.clients.pools;
  }

  /** Connections of the role that do nothing and that no pool has ready for its next request. */
  get kept(): number {
    return this.sessions.stale - sum(this.allPools.map(({ idle }) => idle));
  }

  /** Operations with enough calls, without those whose slowness has found its cause. */
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

  private change(now: OperationFigures): Omit<OperationChange, 'slower' | 'slowerInServer'> {
    const same = (one: { operation: string; table: string }) =>
      one.operation === now.operation && one.table === now.table;
    const before = this.rest?.clients.operations.find(
      (one) => one.service === now.service && same(one) && one.count >= ENOUGH_CALLS,
    );
    const [server, serverBefore] = this.mostChanged(this.server.statements.filter(same));
    return { key: `${now.service} ${now.operation} ${now.table}`, now, before, server, serverBefore };
  }

  /** Of several statements of the same kind the one that takes the most time more than at rest, and what it was there. */
  private mostChanged(
    statements: readonly StatementFigures[],
  ): [now?: StatementFigures, before?: StatementFigures] {
    const pairs = statements.map((now) => {
      const before = this.rest?.server.statements.find(({ id }) => id === now.id);
      return { now, before, added: now.mean - (before?.mean ?? 0) };
    });
    const [most] = pairs.sort((a, b) => b.added - a.added);
    return [most?.now, most?.before];
  }

  /**
   * How much slower everything is. A busy machine multiplies; a failure does not multiply everything: so the second
   * smallest ratio of all operations is what the machine has to do with it.
   */
  private pace(changes: readonly Omit<OperationChange, 'slower' | 'slowerInServer'>[]): number {
    const ratios = changes
      .flatMap(({ now, before }) => (before ? [now.p50 / Math.max(0.5, before.p50)] : []))
      .sort((a, b) => a - b);
    return Math.max(1, ratios[1] ?? 1);
  }
}

/** Milliseconds by which something must be slower to be called so. */
const SLOWER_MS = 8;
export const SLOWER_RATIO = 1.6;
/** What is called slow where nothing is there to compare with. */
const SLOW_WITHOUT_REST_MS = 99;

function slowness(
  { now, before, server, serverBefore }: Omit<OperationChange, 'slower' | 'slowerInServer'>,
  pace: number,
): Pick<OperationChange, 'slower' | 'slowerInServer'> {
  const added = now.mean - (before?.mean ?? 0);
  const byItself =
    now.p50 > SLOWER_RATIO * pace * (before?.p50 ?? now.p50) ||
    now.mean > SLOWER_RATIO * pace * (before?.mean ?? now.mean);
  // Where even the fastest calls take longer than most did, something was added to each: no busy machine does that.
  const toEachCall = now.floor > (before ? SLOWER_MS + 2 * before.p50 : SLOW_WITHOUT_REST_MS);
  const slower = added > SLOWER_MS && (byItself || toEachCall);
  const addedInServer = (server?.mean ?? 0) - (serverBefore?.mean ?? 0);
  const byServer =
    addedInServer > SLOWER_MS && (server?.mean ?? 0) > SLOWER_RATIO * (serverBefore?.mean ?? 0);
  return { slower, slowerInServer: slower && byServer };
}
