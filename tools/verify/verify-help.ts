import { CONSOLE_URL, SERVICE_OPTIONS_HELP } from '../service-options';

export const VERIFY_HELP = `Checks that a deployment does what it says, with the evidence for each point.
Faults are switched on for a moment; those that were on before are on again afterwards. One order and one reserved piece
stay in the data: no service takes them back.

  npm run verify
  npm run verify -- --product URL --inventory URL --order URL --console URL

${SERVICE_OPTIONS_HELP}
  --console URL     ${CONSOLE_URL}; when it is not named and not there, what only it has seen is skipped
  --every-fault     every fault that the services offer, not only those fit for a routine check
  --json            the results as JSON
  --junit           the results as JUnit's XML

CHAOS_TOKEN is sent with each change of a fault. Exits with 1 when a check fails, with 2 for wrong arguments.`;
