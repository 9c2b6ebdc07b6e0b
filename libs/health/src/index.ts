export { HealthModule } from './health.module';
export { HealthDetails } from './health-details';
