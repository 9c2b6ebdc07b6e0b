export { Configuration } from './configuration';
export { DatabaseAccess } from './database-access';
export { reachLoopbackDirectly } from './direct-loopback';
export { PRODUCT_ROOT, VERSION } from './product';
export { ConfigurationError, readConfiguration } from './read-configuration';
export {
  ALL_SERVICES,
  CONSOLE,
  forEachService,
  portVariable,
  type ServiceKey,
  serviceOf,
  type UrlVariable,
  urlVariable,
} from './services';
