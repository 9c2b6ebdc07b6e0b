export { allData } from './data';
export { stopLeftover } from './leftover';
export { type RunningPostgres, startPostgres, stopLeftoverPostgres } from './postgres';
export { commandLineOf } from './running-process';
