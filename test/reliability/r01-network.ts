import { setTimeout } from 'node:timers/promises';
import type { CauseName } from '@app/database';
import { Random } from '@app/load';
import { eventually } from '../support/eventually';
import { backAfter, Load, type Sent } from '../support/load';
import { NETWORK_FAULTS, Network, type NetworkFault } from '../support/network';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { isSuccess, usualRequest } from '../support/usual-request';
import { causesAmong, counts, distinct, exactly, within } from './figures';
import type { Figure, Row, Run } from './row';

const BUSY_MACHINE_MS = 2_000;
/** A silence that is shorter than this may go unnoticed. */
const NOTICED_MS = 1_500;
/**
 * The causes that an answer may name. Nobody had the connections that were missing, so that pool_timeout and queue_full
 * would be untrue, whatever the callers waited for.
 */
const CAUSES: Record<NetworkFault, CauseName[]> = {
  'black hole': ['unreachable', 'statement_limit'],
  refusing: ['unreachable', 'connection_lost'],
  resetting: ['unreachable', 'connection_lost'],
  'half-open': ['unreachable', 'statement_limit'],
};

export const NETWORK: Row = {
  id: 'R1',
  claim: 'Without its database a service answers 503 in time, and all is well again when the network is',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    const deadlineMs = run.full ? 3_000 : 500;
    const services = await Promise.all(
      (['product', 'inventory', 'order'] as const).map((name) =>
        CutOffService.start(system, name, deadlineMs),
      ),
    );
    try {
      const rounds = run.full ? 8 : 2;
      for (let round = 0; round < rounds; round++) {
        run.progress(`round ${round + 1} of ${rounds}`);
        await Promise.all(
          services.map((service, index) => {
            const fault = NETWORK_FAULTS[(round * 3 + index) % NETWORK_FAULTS.length] as NetworkFault;
            // In the second half there are no requests during the fault: idle connections must not deceive anybody later.
            return service.liveThrough(fault, run, round >= rounds / 2);
          }),
        );
      }
      return [
        ...NETWORK_FAULTS.flatMap((fault) => figures(fault, services, deadlineMs)),
        ...(await Promise.all(services.map((service) => service.countedAsAnswered()))),
      ];
    } finally {
      await Promise.all(services.map(({ network }) => network.close()));
      await system.stop();
    }
  },
};

/** The result of one fault on one service. */
interface Episode {
  fault: NetworkFault;
  /** `performance.now()` at its beginning and its end. */
  failedAt: number;
  healedAt: number;
  requests: Sent[];
  health: Sent[];
}

/** A service whose network to PostgreSQL can fail. */
class CutOffService {
  readonly episodes: Episode[] = [];
  /** What each failed answer named as its cause. */
  private readonly causes: (string | undefined)[] = [];

  private constructor(
    private readonly service: RunningService,
    readonly network: Network,
    private readonly deadlineMs: number,
  ) {}

  static async start(system: System, name: 'product' | 'inventory' | 'order', deadlineMs: number) {
    const network = await Network.before(system.settings.port);
    const service = await system.service(name, {
      DB_PORT: String(network.port),
      DB_ACQUIRE_TIMEOUT_MS: String(deadlineMs),
      DB_STATEMENT_TIMEOUT_MS: String(deadlineMs),
    });
    return new CutOffService(service, network, deadlineMs);
  }

  /** Runs from one healthy state to the next, with requests all the time, or with none while the fault lasts. */
  async liveThrough(fault: NetworkFault, { random }: Run, quiet: boolean): Promise<void> {
    await eventually(async () => {
      const { status, body } = await usualRequest(this.service, 0);
      if (status === 200) return;
      this.causes.push(body.reason);
      throw new Error('not well');
    });
    const [chance, times] = [new Random(random.between(0, 2 ** 31)), new Random(random.between(0, 2 ** 31))];
    const load = () => new Load(20, times, () => usualRequest(this.service, chance.next()));
    const health = new Load(20, times, () => this.service.get('/health'));
    const before = load();
    await setTimeout(random.between(100, 600));
    const answered = quiet ? await before.stop() : [];
    const failedAt = performance.now();
    await this.network.fail(fault);
    await setTimeout(Math.max(NOTICED_MS, this.deadlineMs * (1.2 + random.next())));
    const healedAt = performance.now();
    await this.network.heal();
    const after = quiet ? load() : before;
    await setTimeout(1_500);
    const [rest, checked] = await Promise.all([after.stop(), health.stop()]);
    answered.push(...rest);
    this.causes.push(...failedOf(answered).map(({ cause }) => cause));
    this.episodes.push({ fault, failedAt, healedAt, requests: answered, health: checked });
  }

  /** Compares what the answers named with the metric. */
  async countedAsAnswered(): Promise<Figure> {
    const answered = counts(this.causes);
    const { text } = await this.service.get('/metrics');
    const samples = text.matchAll(/^demo_db_failures_total\{.*demo_db_failure_cause="(\w+)".*\} (\d+)$/gm);
    const counted = [...samples].flatMap(([, cause, count]) =>
      Array<string>(Number(count)).fill(cause as string),
    );
    return exactly(`${this.service.name}: failures in demo.db.failures`, counts(counted), answered);
  }
}

function failedOf(requests: Sent[]): Sent[] {
  return requests.filter(({ status }) => !isSuccess(status));
}

function figures(fault: NetworkFault, services: CutOffService[], deadlineMs: number): Figure[] {
  const episodes = services.flatMap((service) => service.episodes).filter((one) => one.fault === fault);
  const worst = (of: (episode: Episode) => number[]) => Math.max(0, ...episodes.flatMap(of));
  const others = episodes.flatMap(({ requests }) =>
    requests.map(({ status }) => status).filter((status) => !isSuccess(status) && status !== 503),
  );
  const slowest = worst(({ requests }) => requests.map(({ ms }) => ms));
  const back = worst(({ requests, healedAt }) => [backAfter(requests, healedAt)]);
  const health = worst((episode) => episode.health.map(({ ms }) => ms));
  return [
    exactly(`${fault}: answers other than success and 503`, distinct(others), 'none'),
    causesAmong(
      `${fault}: causes that answers named`,
      episodes.flatMap(({ requests }) => failedOf(requests).map(({ cause }) => cause)),
      CAUSES[fault],
    ),
    within(`${fault}: slowest answer, deadline ${deadlineMs} ms`, slowest, deadlineMs + 50, BUSY_MACHINE_MS),
    within(`${fault}: back to 100 % after healing`, back, 1_000, BUSY_MACHINE_MS),
    within(`${fault}: slowest /health`, health, 100, BUSY_MACHINE_MS),
  ];
}
