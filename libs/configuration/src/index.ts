export { Configuration } from './configuration';
export { PRODUCT_ROOT, VERSION } from './product';
export { ConfigurationError, readConfiguration, type ServiceDefaults } from './read-configuration';
