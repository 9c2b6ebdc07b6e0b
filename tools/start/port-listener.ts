import { spawnSync } from 'node:child_process';
import { commandLineOf } from '@app/embedded-postgres';

/** The process that listens on a TCP port, if this account may see it and lsof or ss is installed. */
export function listenerOn(port: number): { pid: number; command: string } | undefined {
  const pid =
    firstNumber('lsof', ['-nP', '-a', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], /^p(\d+)$/m) ??
    firstNumber('ss', ['-Hltnp', `sport = :${port}`], /pid=(\d+)/);
  if (pid === undefined) return undefined;
  const command = commandLineOf(pid) ?? 'unknown';
  return { pid, command: command.length > 80 ? `${command.slice(0, 77)}...` : command };
}

function firstNumber(program: string, args: string[], pattern: RegExp): number | undefined {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 5_000 });
  const found = pattern.exec(stdout ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
