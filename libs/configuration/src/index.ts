export { Configuration } from './configuration';
export { ConfigurationError, readConfiguration, type ServiceDefaults } from './read-configuration';
