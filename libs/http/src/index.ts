export { HTTP_LIMITS, LimitedExpressAdapter } from './http-server';
