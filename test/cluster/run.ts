import { parseArgs } from 'node:util';
import { HELM_3, HELM_4 } from '../chart/support/helm.ts';
import { DATABASE } from './steps/database.ts';
import { FAULTS } from './steps/faults.ts';
import { INSTALL } from './steps/install.ts';
import { LOAD } from './steps/load.ts';
import { NODES } from './steps/nodes.ts';
import { ROLLOUTS } from './steps/rollouts.ts';
import { Addresses } from './support/addresses.ts';
import { kubectl } from './support/kubectl.ts';
import { Release } from './support/release.ts';
import { runSteps, table } from './support/suite.ts';

const HELP = `Plays the life of a release on the cluster of the current kubeconfig, in a namespace of its own, and removes
everything afterwards. The image must be there: pushed to a registry that --set names, or loaded into the nodes.

  npm run test:cluster -- --set image.repository=registry.example.org/database-load-demo

  --values FILE     values for every install, as for helm; may be given again
  --set KEY=VALUE   the same for one value; may be given again
  --node ADDRESS    an address of a node by which this machine reaches NodePorts: the first node's own
  --only TEXT       the install, and only steps whose title contains this; may be given again
  --help            this

Without a cluster it skips, and says why. Exit code 1 when a step failed. It drains one node of the release's own pods.`;

const STEPS = [...INSTALL, ...FAULTS, ...ROLLOUTS, ...DATABASE, ...NODES, ...LOAD];
const RESTRICTED = 'pod-security.kubernetes.io/enforce=restricted';

const many = { type: 'string', multiple: true, default: [] as string[] } as const;

async function main(): Promise<void> {
  const { values: given } = parseArgs({
    options: { values: many, set: many, only: many, node: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (given.help) return say(HELP);
  const version = await kubectl(['version', '-o', 'json', '--request-timeout=5s']).catch(
    (error: Error) => error,
  );
  if (version instanceof Error)
    return say(`skipped: no cluster answers (${version.message.split('\n').at(-1)})`);
  say(
    `Kubernetes ${JSON.parse(version).serverVersion.gitVersion}, Helm ${HELM_3.version} and ${HELM_4.version}`,
  );

  const namespace = `database-load-demo-test-${Date.now().toString(36)}`;
  const values = [
    ...given.values.flatMap((file) => ['--values', file]),
    ...given.set.flatMap((one) => ['--set', one]),
  ];
  await kubectl(['create', 'namespace', namespace]);
  const removed = removeOnce(namespace);
  try {
    await kubectl(['label', 'namespace', namespace, RESTRICTED]);
    const other = (name: string) => new Release(name, namespace, values);
    const addresses = await Addresses.find(given.node);
    const surroundings = { release: other('demo'), other, addresses, helm3: HELM_3, helm4: HELM_4 };
    const rows = await runSteps(chosen(given.only), surroundings);
    say(table(rows));
    process.exitCode = rows.some(({ result }) => result === 'FAILED') ? 1 : 0;
  } finally {
    await removed();
  }
}

function chosen(only: readonly string[]) {
  if (only.length === 0) return STEPS;
  return STEPS.filter(({ title }, index) => index === 0 || only.some((text) => title.includes(text)));
}

/** Removes the namespace with everything in it, even if the run is interrupted. */
function removeOnce(namespace: string): () => Promise<void> {
  let removing: Promise<unknown> | undefined;
  const remove = () => {
    removing ??= kubectl(['delete', 'namespace', namespace, '--timeout=5m']);
    return removing.then(() => undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void remove().finally(() => process.exit(130)));
  return remove;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n--help says how this is used.\n`);
  process.exitCode = 1;
});
