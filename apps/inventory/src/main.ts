import { startService } from '@app/bootstrap';
import { InventoryModule } from './inventory.module';

void startService('inventory', InventoryModule);
