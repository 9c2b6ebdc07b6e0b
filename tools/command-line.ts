import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { reachLoopbackDirectly } from '@app/configuration';

/** What is wrong with the arguments, for the person who typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The typed values of the options, each with its own type. */
export type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options }>
>['values'];

/** A command of `npm run`. */
export interface Command<Options extends ParseArgsOptionsConfig> {
  /** The output of --help: what it does, how it is called, its options or variables, its exit codes. */
  readonly help: string;
  /** In the form that Node.js' `parseArgs` accepts; --help is always added. */
  readonly options: Options;
  /** Whether arguments that belong to no option are allowed. */
  readonly words?: boolean;
  run(values: Values<Options>, words: string[]): Promise<void>;
  /** The exit code of a failure, by default 1. */
  readonly failureCode?: number;
  /** One or more lines for a person: what went wrong, and what to do next. */
  explain?(error: unknown): string;
}

/** Runs a command. Exits with 2 and the help for wrong arguments, and with 1, or its own code, when it fails. */
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

/** Writes one or more lines to standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws UsageError for an option that does not exist, or an argument where none is allowed */
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
