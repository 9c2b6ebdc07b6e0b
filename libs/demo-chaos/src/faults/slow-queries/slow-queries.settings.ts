import { OneOf, WholeNumber } from '../../fault-settings';
import type { DelayMode } from '../../measuring/slowed-by';

export class SlowQueriesSettings {
  @WholeNumber('Milliseconds added to each statement, inside PostgreSQL', { minimum: 1, maximum: 30_000 })
  readonly delay_ms: number = 2_900;

  @OneOf('Whether PostgreSQL sleeps for that time, or works: then no wait event gives it away', [
    'sleep',
    'work',
  ])
  readonly mode: DelayMode = 'sleep';
}
