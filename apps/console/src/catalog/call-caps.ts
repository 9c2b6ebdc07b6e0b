import { callKey, type DatabaseCall } from './database-call';

/** A sender can use any number of names, so each of these counts is bounded. */
const MOST_DATABASES = 50;
const MOST_SERVICES = 250;
/** Statements of one service on one database. */
const MOST_STATEMENTS = 200;
/** Statements of all databases other than the demo's own. */
const MOST_FOREIGN = 3_000;
/** The name for all statements beyond that. */
const OTHER_STATEMENTS = '(other statements)';

/** The statements that are counted separately. Others cannot use up the room of the demo's database, or of a service. */
export class CallCaps {
  private readonly calls = new Map<string, DatabaseCall>();
  /** Databases, each with the number of statements of each service. */
  private readonly databases = new Map<string, Map<string, number>>();
  private foreign = 0;
  /** Caps that were exceeded, each as a sentence. */
  readonly passed = new Set<string>();

  /** @param own the database that always has room */
  constructor(private readonly own: string) {}

  /** The call as which it is counted; undefined if there is no room even for its service. */
  known(call: DatabaseCall): DatabaseCall | undefined {
    const known = this.calls.get(callKey(call));
    if (known) return known;
    const { database, service } = call;
    const services = this.databases.get(database) ?? new Map<string, number>();
    if (!this.hasRoom(call, services)) return undefined;
    this.databases.set(database, services);
    const statements = services.get(service) ?? 0;
    if (statements < MOST_STATEMENTS) return this.keep(call, services, statements + 1);
    this.passed.add(
      `${service} has sent more than ${MOST_STATEMENTS} different statements for ${database}: the rest are counted as ${OTHER_STATEMENTS}.`,
    );
    const other = { ...call, operation: 'OTHER', table: '', statement: OTHER_STATEMENTS };
    return this.calls.get(callKey(other)) ?? this.keep(other, services, statements);
  }

  /** Makes room by removing calls that no second contains any more. */
  forgetAllBut(used: ReadonlySet<DatabaseCall>): void {
    const kept = [...this.calls.values()].filter((call) => used.has(call));
    if (kept.length === this.calls.size) return;
    this.calls.clear();
    this.databases.clear();
    this.passed.clear();
    this.foreign = 0;
    for (const call of kept) this.known(call);
  }

  private keep(call: DatabaseCall, services: Map<string, number>, statements: number): DatabaseCall {
    services.set(call.service, statements);
    this.calls.set(callKey(call), call);
    if (call.database !== this.own) this.foreign += 1;
    return call;
  }

  private hasRoom({ database, service }: DatabaseCall, services: Map<string, number>): boolean {
    const refuse = (sentence: string) => {
      this.passed.add(sentence);
      return false;
    };
    if (!services.has(service) && services.size >= MOST_SERVICES)
      return refuse(`More than ${MOST_SERVICES} services use ${database}: the rest are in no figure.`);
    if (database === this.own) return true;
    if (!this.databases.has(database) && this.databases.size >= MOST_DATABASES)
      return refuse(`More than ${MOST_DATABASES} databases: the rest are in no figure.`);
    return (
      this.foreign < MOST_FOREIGN ||
      refuse(`More than ${MOST_FOREIGN} statements of other databases: the rest are in no figure.`)
    );
  }
}
