export { IsEntityId } from './entity-id.decorator';
export { ApiIdempotencyKey, IdempotencyKey } from './idempotency-key.decorator';
export { NumberFromText } from './number-from-text.decorator';
export { PathId } from './path-id.decorator';
export { IsPlainText } from './plain-text.decorator';
export { Changes, Reads } from './route.decorators';
export { startService } from './start-service';
