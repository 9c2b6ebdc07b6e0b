import { WholeNumber } from '../../fault-settings';

export class PoolExhaustionSettings {
  @WholeNumber(
    'Connections of the shared budget to hold; at most the budget itself. Left out, 95 % of the budget there is',
    { minimum: 1, maximum: 10_000, example: 95 },
  )
  readonly connections?: number = undefined;
}
