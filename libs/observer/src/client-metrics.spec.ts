import { clientSample } from './client-metrics';

const METRICS = `
# TYPE target_info gauge
target_info{service_name="order-service",service_instance_id="host:7"} 1
db_client_connection_count{db_client_connection_pool_name="p",db_client_connection_state="used"} 3
db_client_connection_count{db_client_connection_pool_name="p",db_client_connection_state="idle"} 2
db_client_connection_pending_requests{db_client_connection_pool_name="p"} 4
db_client_connection_max{db_client_connection_pool_name="p"} 10
db_client_operation_duration_seconds_bucket{db_operation_name="SELECT",db_collection_name="orders",le="0.001"} 1
db_client_operation_duration_seconds_bucket{db_operation_name="SELECT",db_collection_name="orders",le="0.01"} 5
db_client_operation_duration_seconds_bucket{db_operation_name="SELECT",db_collection_name="orders",le="+Inf"} 6
db_client_operation_duration_seconds_sum{db_operation_name="SELECT",db_collection_name="orders"} 1.5
db_client_operation_duration_seconds_count{db_operation_name="SELECT",db_collection_name="orders"} 6
db_client_operation_duration_seconds_bucket{db_operation_name="SELECT",db_collection_name="orders",error_type="57014",le="0.001"} 0
db_client_operation_duration_seconds_bucket{db_operation_name="SELECT",db_collection_name="orders",error_type="57014",le="0.01"} 0
db_client_operation_duration_seconds_sum{db_operation_name="SELECT",db_collection_name="orders",error_type="57014"} 4
db_client_operation_duration_seconds_count{db_operation_name="SELECT",db_collection_name="orders",error_type="57014"} 2
http_server_request_duration_seconds_count{http_route="/orders/create",http_response_status_code="201"} 20
http_server_request_duration_seconds_count{http_route="/orders/create",http_response_status_code="503",error_type="503"} 3
http_server_request_duration_seconds_count{http_route="/orders/create",http_response_status_code="499",error_type="caller_gone"} 5
http_server_request_duration_seconds_count{http_route="/demo/status",http_response_status_code="200"} 90
`;

/** Metrics in which the demo reports on itself. */
const OF_THE_DEMO = `
demo_fault_active{demo_fault_name="pool-exhaustion"} 1
demo_db_budget_used 99
`;

describe('the metrics of a service', () => {
  const sample = clientSample('order-service', METRICS, ['/demo']);

  it('include its pool and the process that answered', () => {
    expect(sample).toMatchObject({
      service: 'order-service',
      instance: 'host:7',
      pool: { used: 3, idle: 2, pending: 4, max: 10 },
    });
  });

  it('include each operation, with failures apart', () => {
    expect(sample.bounds).toEqual([0.001, 0.01]);
    expect(sample.operations).toEqual([
      { operation: 'SELECT', table: 'orders', error: '', count: 6, sum: 1.5, buckets: [1, 5] },
      { operation: 'SELECT', table: 'orders', error: '57014', count: 2, sum: 4, buckets: [0, 0] },
    ]);
  });

  it('include only requests of the application', () => {
    expect(sample.requests).toEqual({ answered: 28, failed: 3, gone: 5 });
  });

  it('are not searched for the fault that is on', () => {
    expect(clientSample('order-service', METRICS + OF_THE_DEMO, ['/demo'])).toEqual(sample);
  });
});
