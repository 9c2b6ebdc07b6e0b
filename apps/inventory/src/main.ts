import { startService } from '@app/bootstrap';
import { InventoryModule } from './inventory.module';

void startService({ SERVICE_NAME: 'inventory-service', PORT: 30_015, module: InventoryModule });
