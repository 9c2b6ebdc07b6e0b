import { eventually } from '../support/eventually.ts';
import { get, kubectl } from '../support/kubectl.ts';
import { reaches } from '../support/probe.ts';
import { expectStatus, send } from '../support/requests.ts';
import { NotHere, type Step, type Surroundings } from '../support/suite.ts';

export const NODES: Step[] = [
  { title: 'A drained node lets the pods go, and gets them back', run: drained },
  { title: 'Policies: strangers do not reach PostgreSQL', run: policies },
];

async function drained({ release, addresses }: Surroundings): Promise<string> {
  const [pod] = await release.pods('inventory-service');
  const node: string = pod?.spec.nodeName;
  const selector = `app.kubernetes.io/instance=${release.name}`;
  const started = performance.now();
  try {
    const how = ['--delete-emptydir-data', '--ignore-daemonsets', '--force', '--timeout=4m'];
    await kubectl(['drain', node, `--pod-selector=${selector}`, ...how]);
  } finally {
    await kubectl(['uncordon', node]);
  }
  const drainedAfter = performance.now() - started;
  await eventually(async () => {
    for (const url of await addresses.reads(release)) await expectStatus(send(url, undefined, 5_000));
  }, 300_000);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  return `empty after ${seconds(drainedAfter)} s, served again ${seconds(performance.now() - started - drainedAfter)} s after it was back`;
}

async function policies({ release }: Surroundings): Promise<string> {
  const { items } = await get('networkpolicies', '-n', release.namespace);
  const host = `${release.name}-postgresql`;
  const client = { 'app.kubernetes.io/instance': release.name, 'database-load-demo/database-client': 'true' };
  if (!(await reaches(release, 'client', client, host, 5432)))
    throw new Error("the release's own pods do not reach PostgreSQL");
  if (await reaches(release, 'stranger', {}, host, 5432))
    throw new NotHere(`${items.length} policies are there, but this cluster enforces none`);
  return `${items.length} policies; own pods reach PostgreSQL, a stranger does not`;
}
