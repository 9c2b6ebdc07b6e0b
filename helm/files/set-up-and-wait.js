// Beside a PostgreSQL without a volume: sets the database up anew whenever the pod is, then waits for its end.
const { spawnSync } = require('node:child_process');
const { createServer } = require('node:http');

const { status } = spawnSync(process.execPath, ['dist/database-setup.js'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
process.on('SIGTERM', () => process.exit(0));
// Nobody listens before the set-up is done: that is what the startup probe waits for.
createServer((_request, response) => response.end('set up\n')).listen(Number(process.env.PORT));
