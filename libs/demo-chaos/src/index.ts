export { DemoChaosModule } from './demo-chaos.module';
