import { stopLeftoverPostgres } from '@app/embedded-postgres';
import { runCommand } from '../command-line';
import { DATA_DIR, LOCK, POSTGRES_DATA } from '../places';
import { type PortUse, requireFreePorts } from './ports';
import { Progress } from './progress';
import { embeddedDatabase, ownDatabase } from './start-database';
import { START_HELP } from './start-help';
import { takeLock } from './start-lock';
import { StartRun, StopRequested } from './start-run';
import { startServices } from './start-services';
import { readStartSettings, type StartSettings } from './start-settings';
import { telemetryProblems } from './start-telemetry';
import { onStopSignals } from './stop-signals';
import { whatToTry } from './welcome-text';

// Processes of a start that was killed end within this time, because they notice that their parent is gone.
const PATIENCE_AFTER_KILL_MS = 10_000;

async function start(run: StartRun): Promise<void> {
  const settings = readStartSettings();
  for (const problem of telemetryProblems()) run.progress.say(`! ${problem}`);
  await claimLockAndPorts(run, settings);
  const database = settings.own
    ? await ownDatabase(run, settings.own)
    : await embeddedDatabase(run, settings);
  await startServices(run, settings, database);
  run.progress.say(whatToTry(settings, database.access));
  await run.untilEnd();
}

/** Nothing is started until this is the only start of the checkout and every port is free. */
async function claimLockAndPorts(run: StartRun, settings: StartSettings): Promise<void> {
  const lock = takeLock(LOCK);
  const release = async () => {
    lock.release();
    return false; // nothing that is worth a line
  };
  run.began({ what: 'lock', stop: release, kill: release });
  const { services, console } = settings;
  const receiver = {
    port: console.otlpPort,
    name: 'the console’s OTLP receiver',
    variable: 'CONSOLE_OTLP_PORT',
  };
  const ports: PortUse[] = [...services, console, receiver];
  if (!settings.own) {
    await stopLeftoverPostgres(POSTGRES_DATA);
    ports.push({ port: settings.embeddedPort, name: 'PostgreSQL', variable: 'EMBEDDED_POSTGRES_PORT' });
  }
  await run.during(requireFreePorts(ports, lock.takenOver ? PATIENCE_AFTER_KILL_MS : 0));
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return message;
  return `${message}\nThis account may not write there. If a start with sudo made it: sudo rm -r ${DATA_DIR}`;
}

async function startAndStop(): Promise<void> {
  const progress = new Progress();
  const run = new StartRun(progress);
  onStopSignals(
    () => run.requestStop(),
    () => void run.killAll().finally(() => process.exit(130)),
  );
  await start(run).catch((error: unknown) => {
    if (error instanceof StopRequested) return;
    progress.fail(explain(error));
    process.exitCode = 1;
  });
  await run.stopAll();
  process.exit();
}

void runCommand({ help: START_HELP, options: {}, run: startAndStop });
