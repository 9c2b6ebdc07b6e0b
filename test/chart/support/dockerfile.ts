import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

/** One instruction; flags such as --from are removed from its words. */
export interface Instruction {
  readonly name: string;
  readonly flags: Record<string, string>;
  readonly words: readonly string[];
  readonly text: string;
}

export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of the Dockerfile, in order. */
export function stages(): Stage[] {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  const found: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n').filter((one) => one.trim())) {
    const instruction = parsed(line);
    const [base = '', as, name] = instruction.words;
    if (instruction.name === 'FROM')
      found.push({ base, name: as ? (name ?? '') : 'final', instructions: [] });
    else found.at(-1)?.instructions.push(instruction);
  }
  return found;
}

function parsed(line: string): Instruction {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('='));
  const words = name === 'RUN' ? [] : rest.filter((word) => !word.startsWith('--'));
  return { name, flags: Object.fromEntries(flags), words, text: rest.join(' ') };
}

/** The last value of an instruction in a stage, such as USER. */
export function lastValue({ instructions }: Stage, name: string): string | undefined {
  return instructions.findLast((one) => one.name === name)?.text;
}
