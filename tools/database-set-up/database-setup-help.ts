export const DATABASE_SETUP_HELP = `Makes a PostgreSQL ready for the services: roles, database, tables with demo data, privileges.
Changes nothing that is right already; may run any number of times, and several at once.

  npm run db:setup

Reads the environment:
  DB_HOST                  where PostgreSQL is (required)
  DB_PORT                  5432
  DB_SSL                   disable, require (no check of the certificate) or verify-full: disable
  DB_NAME                  database of the services, made if it is not there: productcatalog
  DB_ADMIN_USER            a role that may create roles and databases (required)
  DB_ADMIN_PASSWORD        (required)
  DB_ADMIN_DATABASE        an existing database to connect to first: postgres
  DB_USER                  role of the services, never a superuser: dbadmin
  DB_PASSWORD              the password it gets (required)
  DB_CONTROL_USER          role of the control connections: dbcontrol
  DB_CONTROL_PASSWORD      the password it gets (required)
  DB_NEIGHBOUR_USER        role of a stranger on the server, for the faults that come from there: dbneighbour
  DB_NEIGHBOUR_PASSWORD    the password it gets; without one there is no such role
  DB_DEMO_ORDERS           orders that the data has at least: 0; from 200000 on a missing index is felt
  DB_CONNECTION_BUDGET     connections that DB_USER may hold, all services together: 100
  DB_SETUP_WAIT_SECONDS    how long to wait for PostgreSQL to accept connections: 60`;
