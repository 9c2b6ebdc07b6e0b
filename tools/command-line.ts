import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { reachLoopbackDirectly } from '@app/configuration';

/** What is wrong with the arguments, for the person who typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was typed for the options, each of its own type. */
export type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options }>
>['values'];

/** A command of `npm run`. */
export interface Command<Options extends ParseArgsOptionsConfig> {
  /** What --help prints: what it does, how it is called, its options or variables, its exit codes. */
  readonly help: string;
  /** As `parseArgs` of Node.js takes them; --help is always there. */
  readonly options: Options;
  /** Whether words may follow that belong to no option. */
  readonly words?: boolean;
  run(values: Values<Options>, words: string[]): Promise<void>;
  /** The exit code of a failure: 1 where it is not given. */
  readonly failureCode?: number;
  /** One or more lines for a person: what went wrong, and what to do next. */
  explain?(error: unknown): string;
}

/** Runs a command. Exits with 2 for wrong arguments, which are told with the help, and with 1, or its own code, when it fails. */
export async function runCommand<const Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
): Promise<void> {
  const { help, options, words, failureCode = 1, explain = ({ message }: Error) => message } = command;
  reachLoopbackDirectly();
  try {
    const typed = readArguments(options, { words });
    if (typed.help) say(help);
    else await command.run(typed.values, typed.words);
  } catch (error) {
    const usage = error instanceof UsageError;
    process.stderr.write(usage ? `${error.message}\n\n${help}\n` : `${explain(error as Error)}\n`);
    process.exitCode = usage ? 2 : failureCode;
  }
}

/** One line, or several, on standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws UsageError for an option that there is not, or a word where none may be */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  options: Options,
  { args = process.argv.slice(2), words = false }: { args?: string[]; words?: boolean } = {},
): { values: Values<Options>; words: string[]; help: boolean } {
  const help = { type: 'boolean', short: 'h', default: false } as const;
  try {
    const read = parseArgs({ args, options: { ...options, help }, allowPositionals: words });
    const { help: wanted } = read.values as { help?: boolean };
    return { values: read.values as Values<Options>, words: read.positionals, help: wanted === true };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
