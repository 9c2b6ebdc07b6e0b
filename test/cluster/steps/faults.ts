import { eventually } from '../support/eventually.ts';
import { expectStatus, send } from '../support/requests.ts';
import type { Step, Surroundings } from '../support/suite.ts';

export const FAULTS: Step[] = [
  {
    title: '95 and 100 connections are held, a new pod becomes ready meanwhile, nothing restarts',
    run: held,
    leavesTraces: true,
  },
  { title: 'The share follows the budget: 10, 40 and 500', run: budgets, leavesTraces: true },
  {
    title: 'Strict readiness: out while exhausted, back through the control Service',
    run: strict,
    leavesTraces: true,
  },
];

async function held({ release, addresses }: Surroundings): Promise<string> {
  const inventory = await addresses.of(release, 'inventory-service');
  const before = await release.restarts();
  const said: string[] = [];
  for (const connections of [95, 100]) {
    const { body } = await expectStatus(send(`${inventory}/demo/simulate-pool-exhaustion`, { connections }));
    if (body.measured?.holding !== connections) throw new Error(body.detail);
    said.push(body.detail);
  }
  const started = performance.now();
  await release.rollOut('product-service');
  said.push(`a new pod instead of the old one after ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  await expectStatus(send(`${inventory}/demo/reset`, {}));
  const restarts = (await release.restarts()) - before;
  if (restarts !== 0) throw new Error(`${restarts} restarts`);
  return said.join('; ');
}

async function budgets({ release, helm4, addresses }: Surroundings): Promise<string> {
  const said: string[] = [];
  for (const [budget, ...more] of [
    [10],
    [40],
    [500, 'postgresql.maxConnections=620', 'postgresql.resources.limits.memory=3Gi'],
  ] as const) {
    await release.apply(helm4, 'upgrade', `database.connectionBudget=${budget}`, ...more);
    const inventory = await addresses.of(release, 'inventory-service');
    await expectStatus(send(`${inventory}/demo/simulate-pool-exhaustion`, {}));
    // The answer waits for the proof, but not as long as a busy machine needs for 475 of them.
    const detail = await eventually(async () => {
      const { body } = await expectStatus(send(`${inventory}/demo/status`));
      const fault = body.faults.find((one: { fault: string }) => one.fault === 'pool-exhaustion');
      if (fault.measured?.holding !== Math.floor(budget * 0.95))
        throw new Error(`budget ${budget}: ${fault.detail}`);
      return `${fault.measured.holding} of ${budget}`;
    });
    said.push(detail);
    await expectStatus(send(`${inventory}/demo/reset`, {}));
    if (budget === 10) await release.run(helm4, 'test', release.name, '--timeout', '5m');
  }
  return said.join(', ');
}

async function strict({ release, helm4, addresses }: Surroundings): Promise<string> {
  await release.apply(helm4, 'upgrade', 'config.readinessMode=strict', 'defaults.control.type=NodePort');
  const inventory = await addresses.of(release, 'inventory-service');
  const control = await addresses.of(release, 'inventory-service-control');
  const connections = { connections: 100 };
  await expectStatus(send(`${control}/demo/simulate-pool-exhaustion`, connections));
  const started = performance.now();
  await eventually(async () => {
    const answer = await send(`${inventory}/health`, undefined, 1_000).catch(
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (typeof answer === 'object') throw new Error(`the Service still leads somewhere: ${answer.status}`);
  });
  const out = performance.now();
  await expectStatus(send(`${control}/demo/reset`, {}));
  await eventually(async () => expectStatus(send(`${inventory}/inventory/check/5`, undefined, 1_000)));
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const figures = `out after ${seconds(out - started)} s, back ${seconds(performance.now() - out)} s after the reset`;
  return figures;
}
