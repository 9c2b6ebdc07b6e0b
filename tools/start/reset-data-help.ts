export const RESET_DATA_HELP = `Deletes the data of the embedded PostgreSQL; the next npm start begins with new data.
The passwords stay as they are. Stop npm start (Ctrl-C) before.

  npm run reset-data

Reads the environment:
  DATA_DIR                 where a start keeps its things: .data`;
