export { changesFromElsewhere } from './elsewhere';
export { HTTP_LIMITS, LimitedExpressAdapter } from './http-server';
