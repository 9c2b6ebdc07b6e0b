import { type CheckResult, QUIET_CHECKS, runCheck } from '@app/checks';
import {
  type Answer,
  type FaultDescription,
  SERVICES,
  ServiceClient,
  ServiceFaults,
  type ServiceKey,
  serviceName,
  type Targets,
} from '@app/service-client';
import { ConsoleStream } from './console-stream';
import type { Deployment, Observation } from './deployment';
import { ScenarioFailed } from './player-words';

const TIMEOUT_MS = 5_000;
/** Seconds after which the console's load comes back by itself, should this process be killed. */
const SILENT_S = 30;
const SILENCE_AGAIN_MS = 10_000;
/** A service that is just starting again is given so many times a second to answer. */
const RESET_TRIES = 10;

/** Where a system is. */
export interface Places {
  targets: Targets;
  /** URL of its console. */
  console: string;
  /** Of CHAOS_TOKEN. */
  token?: string;
}

/** A system that is reached over HTTP: its services for faults and checks, its console for what is to be seen. */
export class HttpDeployment implements Deployment {
  private readonly client: ServiceClient;
  private readonly faults: ServiceFaults;
  private readonly stream: ConsoleStream;
  private silencing?: NodeJS.Timeout;

  /** @param record gets each event of the console, as it came */
  constructor(
    private readonly places: Places,
    record: (event: string, data: string) => void,
  ) {
    this.client = new ServiceClient(places.targets, places.token);
    this.faults = new ServiceFaults(this.client);
    this.stream = new ConsoleStream(places.console, record);
  }

  /** Silences the load of the console, which would mix with that of the scenario. @throws ScenarioFailed */
  async begin(): Promise<void> {
    await this.silence(SILENT_S).catch((error: Error) => {
      const reason = (error.cause as Error | undefined)?.message || error.message;
      throw new ScenarioFailed(
        `no console answers at ${this.places.console} (${reason}): start it with npm start, or name it with --console URL`,
      );
    });
    this.silencing = setInterval(() => void this.silence(SILENT_S).catch(() => undefined), SILENCE_AGAIN_MS);
  }

  /** Leaves the console as it was. */
  async end(): Promise<void> {
    clearInterval(this.silencing);
    await this.silence(0).catch(() => undefined);
    await this.stream.end();
  }

  /** The faults that there are; none when no service answers. */
  async offered(): Promise<FaultDescription[]> {
    return (await this.faults.listOfAny()) ?? [];
  }

  observe(): Observation | undefined {
    return this.stream.latest;
  }

  start(service: ServiceKey, fault: string, settings: object): Promise<Answer> {
    return this.faults.start(service, fault, settings);
  }

  stop(service: ServiceKey, fault: string): Promise<Answer> {
    return this.faults.stop(service, fault);
  }

  async reset(): Promise<string[]> {
    const answers = await Promise.all(
      SERVICES.map(async (key) => ({ key, answer: await this.resetOne(key) })),
    );
    return answers
      .filter(({ answer }) => answer.status !== 200)
      .map(
        ({ key, answer }) =>
          `${serviceName(key)} was not reset: ${answer.body.detail ?? `status ${answer.status}`}; its faults end by themselves`,
      );
  }

  async check(id: string): Promise<CheckResult> {
    const check = QUIET_CHECKS.find((one) => one.id === id);
    if (!check) return { id, title: id, state: 'failed', evidence: 'there is no such check', ms: 0 };
    return runCheck(check, { services: this.client, observed: async () => undefined, patienceMs: 0 });
  }

  /** All checks that change nothing and need no console. */
  async checks(): Promise<CheckResult[]> {
    const results: CheckResult[] = [];
    for (const { id } of QUIET_CHECKS) results.push(await this.check(id));
    return results.filter(({ state }) => state !== 'skipped');
  }

  /** A trace as the console keeps it; none when it has it no more. */
  async trace(id: string): Promise<Record<string, unknown>[]> {
    return this.ask(`/api/traces/${id}`).then(
      (spans) => spans as unknown as Record<string, unknown>[],
      () => [],
    );
  }

  private async resetOne(key: ServiceKey): Promise<Answer> {
    let answer = await this.faults.reset(key);
    for (let tries = 1; answer.status === 0 && tries < RESET_TRIES; tries++) {
      await new Promise((done) => setTimeout(done, 1_000));
      answer = await this.faults.reset(key);
    }
    return answer;
  }

  private async silence(give_way_seconds: number): Promise<void> {
    const response = await fetch(new URL('/api/load', this.places.console), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ give_way_seconds }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
  }

  private async ask(path: string): Promise<Record<string, unknown>> {
    const response = await fetch(new URL(path, this.places.console), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  }
}
