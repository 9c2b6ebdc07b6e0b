import { type Answer, ServiceClient, ServiceFaults, type ServiceKey, serviceName } from '@app/service-client';
import { runCommand, say } from '../command-line';
import { FAULT_OPTIONS, type FaultArguments, readFaultArguments } from './fault-arguments';
import { FAULT_HELP } from './fault-help';
import { answerLine, described, stateLine } from './fault-text';

async function fault(args: FaultArguments): Promise<void> {
  const faults = new ServiceFaults(new ServiceClient(args.targets, process.env.CHAOS_TOKEN || undefined));
  const { verb, name, settings } = args;
  if (verb === 'list') return list(faults, args);
  if (verb === 'status') return status(faults, args);
  if (verb === 'start') return change(args, (key) => faults.start(key, name as string, settings));
  return change(args, (key) => (name ? faults.stop(key, name) : faults.reset(key)));
}

async function list(faults: ServiceFaults, { services, json }: FaultArguments): Promise<void> {
  for (const key of services) {
    const offered = await faults.list(key);
    if (offered) return say(json ? JSON.stringify(offered, null, 2) : offered.map(described).join('\n\n'));
  }
  fail('No service answers. Start them with npm start, or name one with --url.');
}

async function status(faults: ServiceFaults, { services, json }: FaultArguments): Promise<void> {
  const answers = await Promise.all(services.map(async (key) => ({ key, states: await faults.states(key) })));
  for (const { key, states } of answers) if (states.length === 0) fail(`${serviceName(key)} does not answer`);
  const on = answers.flatMap(({ key, states }) =>
    states.filter(({ enabled }) => enabled).map((state) => ({ service: serviceName(key), ...state })),
  );
  if (json) return say(JSON.stringify(on, null, 2));
  say(on.length > 0 ? on.map((state) => stateLine(state.service, state)).join('\n') : 'No fault is on.');
}

async function change(
  { services, json }: FaultArguments,
  send: (key: ServiceKey) => Promise<Answer>,
): Promise<void> {
  const answers = await Promise.all(services.map(async (key) => ({ key, ...(await send(key)) })));
  if (json)
    say(
      JSON.stringify(
        answers.map(({ key, status, body }) => ({ service: serviceName(key), status, ...body })),
        null,
        2,
      ),
    );
  for (const { key, ...answer } of answers) {
    const line = answerLine(serviceName(key), answer);
    if (answer.status !== 200) fail(line);
    else if (!json) say(line);
  }
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

void runCommand({
  help: FAULT_HELP,
  options: FAULT_OPTIONS,
  words: true,
  run: (values, words) => fault(readFaultArguments(values, words)),
});
