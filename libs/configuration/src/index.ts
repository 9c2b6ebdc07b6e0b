export { Configuration } from './configuration';
export { DatabaseAccess } from './database-access';
export { PRODUCT_ROOT, VERSION } from './product';
export { ConfigurationError, readConfiguration, type ServiceDefaults } from './read-configuration';
