export const START_HELP = `Starts PostgreSQL, sets it up and starts the three services and the console, on this machine.
Ctrl-C stops everything.

  npm start

Reads the environment:
  PRODUCT_PORT             30010
  INVENTORY_PORT           30015
  ORDER_PORT               30016
  CONSOLE_PORT             30017
  CONSOLE_OTLP_PORT        4318, where the console takes what the services measure
  EMBEDDED_POSTGRES_PORT   30018, of the PostgreSQL that comes with the packages
  DB_CONNECTION_BUDGET     connections that all services together may hold: 100
  DATA_DIR                 where data, passwords and logs are kept: .data

A PostgreSQL of your own instead of that one:
  DB_HOST, DB_PORT         where it is; 5432
  DB_USER, DB_PASSWORD, DB_CONTROL_USER, DB_CONTROL_PASSWORD
                           the two roles: dbadmin and dbcontrol, passwords are required
  DB_NAME                  productcatalog
  DB_ADMIN_USER, DB_ADMIN_PASSWORD
                           a role that may create roles and databases; without it nothing is set up there

OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS name a backend that gets the same telemetry, through the console.

Everything else (CHAOS_*, OTEL_*, DB_POOL_*, READINESS_MODE, ...) is passed on to the services.
npm run reset-data brings back the first start's data.`;
