import { CAUSES, type Cause, DATABASE_PROBLEMS, makesUnready, sentence } from '@app/database';

const NAMES = Object.keys(CAUSES) as (keyof typeof CAUSES)[];

/** What follows from each cause of a failure, as the tables of docs/failures.md. */
export function failureTables(): string {
  return [
    '| cause | told by | answer | `Retry-After` | session | log |',
    '|---|---|---|---|---|---|',
    ...NAMES.map((name) => {
      const { retryAfterSeconds: seconds, log } = CAUSES[name];
      return row(
        `\`${name}\``,
        signsOf(name),
        answer(CAUSES[name]),
        seconds ? `${seconds} s` : '',
        session(CAUSES[name]),
        log,
      );
    }),
    '',
    '| cause | `/health`, for 10 s | strict readiness | what it is and what to do |',
    '|---|---|---|---|',
    ...NAMES.filter((name) => CAUSES[name].log !== 'debug').map((name) => {
      const { hits } = CAUSES[name];
      const health = hits === undefined ? '' : hits === 'pool' ? '`exhausted`' : '`degraded`';
      return row(`\`${name}\``, health, makesUnready(name) ? 'off' : '', sentence(name));
    }),
  ].join('\n');
}

function signsOf(name: (typeof NAMES)[number]): string {
  const { states } = CAUSES[name];
  if (name === 'unexpected') return 'any other SQLSTATE';
  return states.length > 0 ? states.map((state) => `\`${state.padEnd(5, '*')}\``).join(', ') : 'this process';
}

function answer({ problem, undecided }: Cause): string {
  if (!problem) return 'none: nobody reads it';
  const text = `${DATABASE_PROBLEMS[problem][0]} \`${problem}\``;
  return undecided ? `${text}; of a change \`outcome-unknown\`` : text;
}

function session({ session, retriedOnce }: Cause): string {
  return retriedOnce ? `${session}; sent once more` : session;
}

function row(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

if (require.main === module) process.stdout.write(`${failureTables()}\n`);
