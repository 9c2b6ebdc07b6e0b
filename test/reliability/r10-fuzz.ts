import { type Agent, Agent as KeepAlive, request } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { OpenApi, type Operation } from '../support/open-api';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { exactly } from './figures';
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request';
import type { Figure, Row, Run } from './row';

const EXHAUST = '/demo/simulate-pool-exhaustion';

/** An operation of a running service. */
interface Target {
  service: RunningService;
  document: OpenApi;
  operation: Operation;
}

/** What all requests so far have shown. */
class Findings {
  sent = 0;
  /** How often each status was answered. */
  readonly statuses = new Map<number, number>();
  /** The smallest input of each operation that was not answered as documented. */
  readonly undocumented: string[] = [];
  readonly failures: string[] = [];
}

export const FUZZ: Row = {
  id: 'R10',
  claim: 'Whatever is sent to an operation of the OpenAPI document is answered as the document says',
  byTime: false,
  async measure(run) {
    const system = await System.start();
    const agent = new KeepAlive({ keepAlive: true });
    try {
      return await fuzz(system, agent, run);
    } finally {
      agent.destroy();
      await system.stop();
    }
  },
};

async function fuzz(system: System, agent: Agent, { full, random, progress }: Run): Promise<Figure[]> {
  const apps = ['product', 'inventory', 'order'] as const;
  // Ten connections are taken and given back faster than a hundred, thousands of times.
  const services = await Promise.all(apps.map((app) => system.service(app, { DB_POOL_MAX: '10' })));
  const targets = (await Promise.all(services.map(targetsOf))).flat();
  const findings = new Findings();
  const perOperation = full ? 5_000 : 100;
  const run = (some: Target[], inputs: number) =>
    Promise.all(some.map((target) => check(target, agent, inputs, random.between(0, 2 ** 31 - 1), findings)));

  const onExhaustion = targets.filter(({ operation }) => operation.path === EXHAUST);
  const onFaults = targets.filter(({ operation: { path } }) => path.startsWith('/demo') && path !== EXHAUST);
  const others = targets.filter(({ operation: { path } }) => !path.startsWith('/demo'));
  // They run separately, so that no fault is a reason for a 5xx of the others.
  progress(`${others.length} operations, ${perOperation} inputs each`);
  await run(others, perOperation);
  progress(`${onFaults.length} operations on faults`);
  await run(onFaults, perOperation);
  progress(`${onExhaustion.length} that hold connections`);
  await run(onExhaustion, perOperation);
  for (const service of services) await service.post('/demo/reset');
  const failed = [...findings.statuses.keys()].filter((status) => status >= 500);

  progress('without a database');
  await system.postgres.stop('immediate');
  const away = new Findings();
  await Promise.all(
    targets.map((target) => check(target, agent, full ? 10 : 1, random.between(0, 2 ** 31 - 1), away)),
  );
  const answered = (from: Findings) =>
    [...from.statuses].sort().map(([status, times]) => `${times} x ${status}`);
  progress(answered(findings).join(', '));
  const alive = services.filter(({ process }) => process.exitCode === null && process.signalCode === null);
  return [
    {
      name: 'inputs of each operation',
      measured: `${perOperation}, ${findings.sent} in all`,
      mustReach: full ? '>= 5000' : '>= 100',
      holds: findings.sent >= perOperation * targets.length,
    },
    exactly('operations of the three services', targets.length, 39),
    list('statuses of 500 and above', failed.map(String)),
    list('operations answered outside the document', findings.undocumented),
    list('the same with PostgreSQL away', away.undocumented),
    list('operations that were not answered', [...findings.failures, ...away.failures]),
    exactly('processes alive', alive.length, 3),
  ];
}

async function targetsOf(service: RunningService): Promise<Target[]> {
  const document = new OpenApi((await service.get('/docs-json')).body);
  return document.operations.map((operation) => ({ service, document, operation }));
}

/** Sends that many inputs to one operation, and notes the smallest one that is not answered as documented. */
async function check(
  { service, document, operation }: Target,
  agent: Agent,
  numRuns: number,
  seed: number,
  findings: Findings,
): Promise<void> {
  const property = fc.asyncProperty(fuzzedRequest(operation), async (input) => {
    const { status, type, body } = await send(service.port, agent, input);
    findings.sent++;
    findings.statuses.set(status, (findings.statuses.get(status) ?? 0) + 1);
    const deviation = document.deviation(operation, status, type, body);
    if (deviation) throw new Deviation(deviation);
    // Held connections are released now and then, so that another service gets to hold some.
    if (operation.path === EXHAUST && status === 200 && input.headers.Accept)
      await service.post('/demo/reset');
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns, seed });
  if (!failed) return;
  const what = `${service.name} ${JSON.stringify(counterexample?.[0])}: ${(errorInstance as Error).message}`;
  (errorInstance instanceof Deviation ? findings.undocumented : findings.failures).push(what);
}

class Deviation extends Error {}

/** Not `fetch`, which would normalise the path and refuse some headers. */
function send(port: number, agent: Agent, { method, path, headers, body }: FuzzedRequest) {
  return new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent, method, path, headers };
    const sent = request(options, (response) => {
      const type = response.headers['content-type'] ?? '';
      text(response).then((read) => resolve({ status: response.statusCode ?? 0, type, body: read }), reject);
    });
    sent.on('error', reject).end(body);
  });
}

function list(name: string, found: string[]): Figure {
  const measured = found.length === 0 ? '0' : `${found.length}: ${found.join('; ')}`;
  return { name, measured, mustReach: '0', holds: found.length === 0 };
}
