export { changesFromElsewhere } from './cross-origin';
export { HTTP_LIMITS } from './http-server';
export { listen } from './listen';
export { serveOpenApi } from './open-api';
export { refuseCrossOrigin } from './refuse-cross-origin';
export { type ProcessParts, startHttp, startOrExplain } from './start-http';
export { StrictValidationPipe } from './validation';
export { WholeNumber } from './whole-number.decorator';
