import type { Diagnosis, Finding } from '@app/diagnosis';

/** The diagnosis for people. */
export function report({ at, findings }: Diagnosis): string {
  if (findings.length === 0) return `${clock(at)}  nothing is wrong`;
  return findings.map((finding) => `${clock(at)}  ${paragraph(finding)}`).join('\n');
}

/** What makes a new report necessary when it changes: which failures there are, but not their numbers. */
export function essence({ findings }: Diagnosis): string {
  return findings.map(({ name }) => name).join();
}

function paragraph({ name, since, evidence, next_best, advice }: Finding): string {
  return [
    `${name}, since ${clock(since)}`,
    ...evidence.map((sign) => `            - ${sign}`),
    `          next best: ${next_best.name}, unless ${next_best.unless}`,
    `          what to do: ${advice}`,
  ].join('\n');
}

/** Local time of day. */
function clock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}
