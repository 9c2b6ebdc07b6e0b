import { CONSOLE_URL, SERVICE_OPTIONS_HELP } from '../service-options';

export const DIAGNOSE_HELP = `Says what is wrong with the database, since when, by which figures, and what to do: from what any operator can see,
never from the switches of the demo.

  npm run diagnose
  npm run diagnose -- --watch
  npm run diagnose -- --db postgres://dbcontrol:PASSWORD@localhost:30018/productcatalog

  --url URL         the console to ask: ${CONSOLE_URL}
  --db URL          looks for itself instead, for some seconds, as a role that may see all sessions (pg_monitor)
  --role NAME       with --db, the role of the services: dbadmin
  With --db, the services whose metrics to read:
${SERVICE_OPTIONS_HELP}
  --watch           goes on, and tells each change, until Ctrl-C
  --json            one JSON object a line

Exits with 0 when all is well, with 1 when something is wrong, with 2 when it cannot tell.`;
