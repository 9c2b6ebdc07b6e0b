import type { Diagnosis, Finding } from '@app/diagnosis';

/** For people. */
export function report({ at, findings }: Diagnosis): string {
  if (findings.length === 0) return `${clock(at)}  nothing is wrong`;
  return findings.map((finding) => `${clock(at)}  ${paragraph(finding)}`).join('\n');
}

/** What is to be told anew when it changes: which failures there are, and not their figures. */
export function essence({ findings }: Diagnosis): string {
  return findings.map(({ name }) => name).join();
}

function paragraph({ name, since, evidence, next_best, advice }: Finding): string {
  return [
    `${name}, since ${clock(since)}`,
    ...evidence.map((figure) => `            - ${figure}`),
    `          next best: ${next_best.name}, unless ${next_best.unless}`,
    `          what to do: ${advice}`,
  ].join('\n');
}

/** Time of day here. */
function clock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}
