import { parseArgs } from 'node:util';
import { ConsoleSystem } from '../support/console-system';
import { checkDocument, NotInstalled, schemathesis } from './schemathesis';

const HELP = `Holds the OpenAPI documents of the services and the console against what they do, with all checks of Schemathesis.
It is installed from PyPI into a folder of its own, or SCHEMATHESIS names the program.

Usage: npm run test:open-api [-- OPTIONS]

  --examples N   made up for each operation: 50
  --help

Exits with 1 when a check fails, and with 0 and the reason when Schemathesis cannot be installed.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      examples: { type: 'string', default: '50' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const program = await schemathesis();
  const system = await ConsoleSystem.start();
  try {
    for (const [name, { url }] of Object.entries({ ...system.services, console: system.console })) {
      const { passed, report } = await checkDocument(program, url, Number(values.examples));
      process.stdout.write(passed ? `${name}: all checks passed\n` : `${report}\n${name}: see above\n`);
      if (!passed) process.exitCode = 1;
    }
  } finally {
    await system.stop();
  }
}

main().catch((error: Error) => {
  if (error instanceof NotInstalled) return void process.stdout.write(`skipped: ${error.message}\n`);
  process.stderr.write(`${error.message}\n\n${HELP}\n`);
  process.exitCode = 2;
});
