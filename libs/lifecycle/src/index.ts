export { LostLogLines } from './lost-log-lines';
export { Shutdown, STOPPING } from './shutdown';
export { Starter, type StarterMessage } from './starter';
