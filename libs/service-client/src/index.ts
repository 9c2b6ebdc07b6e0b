export { type FaultDescription, type FaultSetting, type FaultState, ServiceFaults } from './faults';
export { type Answer, ServiceClient } from './service-client';
export { SERVICES, type ServiceKey, serviceName, type Targets } from './service-targets';
