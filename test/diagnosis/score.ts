import type { Result } from './campaign';

/** The result of a campaign. */
export interface Score {
  trials: number;
  /** Trials whose fault had not taken effect, according to the product itself. */
  not_made: number;
  /** Trials in which the first name reported at the end was the truth. */
  right: number;
  /** Rests before a trial, and trials without a failure, in which something was reported. */
  false_alarms: number;
  /** Healthy windows: the rest before each trial, and trials without a failure. */
  healthy_windows: number;
  /** How often each name was reported, by truth. */
  confusion: Record<string, Record<string, number>>;
  /** Median seconds until the name was first reported, by truth. */
  seconds_to_name: Record<string, number | null>;
}

export function scoreOf(all: readonly Result[]): Score {
  const results = all.filter(({ notMade }) => !notMade);
  const confusion: Score['confusion'] = {};
  for (const { truth, told } of results) {
    const name = told[0] ?? 'healthy';
    const row = confusion[truth] ?? {};
    confusion[truth] = { ...row, [name]: (row[name] ?? 0) + 1 };
  }
  const healthy = results.filter(({ truth }) => truth === 'healthy');
  const byTruth = Map.groupBy(results, ({ truth }) => truth);
  return {
    trials: results.length,
    not_made: all.length - results.length,
    right: results.filter(isRight).length,
    false_alarms:
      results.filter(({ falseAlarms }) => falseAlarms.length > 0).length +
      healthy.filter(({ appeared }) => appeared.length > 0).length,
    healthy_windows: results.length + healthy.length,
    confusion,
    seconds_to_name: Object.fromEntries([...byTruth].map(([truth, own]) => [truth, medianSeconds(own)])),
  };
}

function isRight({ truth, told }: Result): boolean {
  return (told[0] ?? 'healthy') === truth;
}

/** A line for each truth, for people. */
export function table(results: readonly Result[]): string {
  const score = scoreOf(results);
  const lines = Object.entries(score.confusion).map(([truth, row]) => {
    const all = Object.values(row).reduce((sum, count) => sum + count, 0);
    const wrong = Object.entries(row).filter(([name]) => name !== truth);
    const taken = wrong.map(([name, count]) => `${name} ${count}`).join(', ');
    const seconds = score.seconds_to_name[truth];
    return [
      truth.padEnd(26),
      `${row[truth] ?? 0} of ${all}`.padEnd(10),
      (truth === 'healthy' || seconds === null ? '' : `${seconds?.toFixed(1)} s`).padStart(7),
      `   ${taken}`,
    ].join('');
  });
  return [
    `${'made'.padEnd(26)}${'named'.padEnd(10)}${'after'.padStart(7)}   taken for`,
    ...lines,
    `${score.right} of ${score.trials} right (${((100 * score.right) / score.trials).toFixed(1)} %); something was told in ` +
      `${score.false_alarms} of ${score.healthy_windows} healthy windows. Not scored: ${score.not_made}.`,
  ].join('\n');
}

function medianSeconds(results: readonly Result[]): number | null {
  const times = results
    .map(({ namedAfterMs }) => namedAfterMs ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  const middle = times[Math.floor((times.length - 1) / 2)];
  return middle !== undefined && Number.isFinite(middle) ? middle / 1_000 : null;
}
