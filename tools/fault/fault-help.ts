import { SERVICES } from '@app/service-client';
import { SERVICE_OPTIONS_HELP } from '../service-options';

export const FAULT_HELP = `Lists, starts and stops faults. Which there are, and their settings, the services say themselves.

  npm run fault -- list
  npm run fault -- start NAME [--service S] [--set key=value]... [--ttl 60s]
  npm run fault -- stop [NAME] [--service S]
  npm run fault -- status

  list              each fault, its settings with bounds and defaults, and whether it can be had here
  start             switches it on; tells what was asked and what was measured
  stop              ends one fault, or all; of all services, or of one
  status            the faults that are on

  --service S       ${SERVICES.join(', ')}; inventory where a start names none
  --set key=value   a setting; as often as needed
  --ttl 60s         time after which the fault ends by itself, such as 45s or 5m; 15 minutes
  --url URL         one service, wherever it runs, in place of those below
${SERVICE_OPTIONS_HELP}
  --json            what the service answered, as JSON

CHAOS_TOKEN is sent with each change. Exits with 1 when a service refuses or does not answer, with 2 for wrong
arguments.`;
