/** Values that would install and not work, or not install: each must be refused, with a message that names the value. */
export interface BadValue {
  readonly set: string;
  /** Where the value is, if the schema refuses it: both helms name the path, each in its own way. */
  readonly at?: string;
  /** The message of the chart, if only several values together are wrong. */
  readonly says?: RegExp;
  readonly release?: string;
}

const EXTERNAL = 'postgresql.enabled=false,database.external.host=db';

export const BAD_VALUES: readonly BadValue[] = [
  // Single values, refused by the schema.
  { set: 'replicaCont=3', at: 'replicaCont' },
  { set: 'replicaCount=three', at: 'replicaCount' },
  { set: 'replicaCount=-1', at: 'replicaCount' },
  { set: 'replicaCount=1.5', at: 'replicaCount' },
  { set: 'image.tag=a b', at: 'image.tag' },
  { set: 'image.digest=sha256:1', at: 'image.digest' },
  { set: 'image.pullPolicy=ifNotPresent', at: 'image.pullPolicy' },
  { set: 'services.inventory-service.prot=1', at: 'services.inventory-service' },
  { set: 'services.inventory-service.port=80', at: 'services.inventory-service.port' },
  {
    set: 'services.inventory-service.service.nodePort=8080',
    at: 'services.inventory-service.service.nodePort',
  },
  { set: 'services.a-name-that-is-too-long.port=3000', at: 'a-name-that-is-too-long' },
  { set: 'defaults.service.type=ExternalName', at: 'defaults.service.type' },
  { set: 'defaults.resources.limits.memory=lots', at: 'defaults.resources.limits.memory' },
  { set: 'defaults.env.9LIVES=1', at: '9LIVES' },
  { set: 'config.readinessMode=relaxed', at: 'config.readinessMode' },
  { set: 'config.logLevel=verbose', at: 'config.logLevel' },
  { set: 'runAsUser=0', at: 'runAsUser' },
  { set: 'database.connectionBudget=0', at: 'database.connectionBudget' },
  { set: 'database.password=secret', at: 'database' },
  { set: 'database.ssl=prefer', at: 'database.ssl' },
  { set: 'database.name=drop table', at: 'database.name' },
  { set: 'postgresql.image.tag=17', at: 'postgresql.image.tag' },
  { set: 'postgresql.persistence.size=big', at: 'postgresql.persistence.size' },
  { set: 'chaos.token=short', at: 'chaos.token' },
  { set: 'scenario.name=Rail Way', at: 'scenario.name' },
  { set: 'scenario.seed=first', at: 'scenario.seed' },
  { set: 'telemetry.mode=datadog', at: 'telemetry.mode' },
  { set: 'telemetry.mode=otlp,telemetry.otlp.endpoint=collector:4318', at: 'telemetry.otlp.endpoint' },
  { set: 'telemetry.otlp.protocol=thrift', at: 'telemetry.otlp.protocol' },
  { set: 'telemetry.coralogix.domain=https://eu2.coralogix.com/', at: 'telemetry.coralogix.domain' },
  { set: 'telemetry.coralogix.privateKey=cxtp_secret', at: 'telemetry.coralogix' },
  { set: 'defaults.service.ipFamilyPolicy=DualStack', at: 'defaults.service.ipFamilyPolicy' },
  { set: 'console.service.ipFamilies={IPv5}', at: 'console.service.ipFamilies' },
  { set: 'console.ingress.hosts[0].host=https://demo.example.org', at: 'console.ingress.hosts' },
  { set: 'services.order-service.httpRoute.hostnames={a b}', at: 'order-service.httpRoute.hostnames' },
  { set: 'serviceMonitor.interval=10', at: 'serviceMonitor.interval' },
  // Combinations of values, refused by the chart.
  { set: 'fullnameOverride=9lives', says: /begins with a letter/ },
  { set: '', release: '9lives', says: /choose a release name/ },
  { set: 'chaos.token=long-enough,chaos.existingSecret=other', says: /both set: set one of them/ },
  { set: 'scenario.name=retry-storm,console.enabled=false', says: /set console\.enabled=true/ },
  {
    set: 'scenario.name=retry-storm,console.enabled=true,chaos.enabled=false',
    says: /set chaos\.enabled=true/,
  },
  { set: 'database.external.host=db', says: /set postgresql\.enabled=false/ },
  { set: 'database.ssl=require', says: /no certificate/ },
  { set: 'database.user=postgres', says: /no connection limit binds a superuser/ },
  { set: 'database.controlUser=dbadmin', says: /must differ/ },
  { set: 'postgresql.enabled=false', says: /set database\.external\.host/ },
  { set: EXTERNAL, says: /needs database\.existingSecret: a Secret with the keys password/ },
  { set: `${EXTERNAL},database.existingSecret=x`, says: /needs database\.external\.adminUser/ },
  {
    set: 'database.pool.min=20,database.pool.max=10',
    says: /database\.pool\.min is 20, more than database\.pool\.max, 10/,
  },
  {
    set: 'replicaCount=20,database.pool.min=2',
    says: /63 processes while a rollout lasts x database\.pool\.min 2 = 126 connections at rest/,
  },
  {
    set: 'replicaCount=30',
    says: /budget 100 \+ 93 control .* = 205 connections, but max_connections is 200/,
  },
  { set: 'replicaCount=16', says: /51 processes .* allows role dbcontrol 50: lower the replicas/ },
  { set: 'database.connectionBudget=195', says: /max_connections is 200: raise it/ },
  {
    set: 'replicaCount=3,database.pool.allowOversubscription=false',
    says: /12 processes while a rollout lasts x database\.pool\.max 100 = 1200/,
  },
  {
    set: 'defaults.autoscaling.enabled=true,defaults.autoscaling.maxReplicas=30',
    says: /max_connections is 200/,
  },
  {
    set: `${EXTERNAL},database.existingSecret=x,database.external.adminUser=o,database.external.maxConnections=100`,
    says: /max_connections is 100/,
  },
  { set: 'telemetry.mode=otlp', says: /set telemetry\.otlp\.endpoint/ },
  { set: 'telemetry.otlp.endpoint=http://c:4318', says: /set telemetry\.mode=otlp/ },
  { set: 'telemetry.mode=coralogix', says: /set telemetry\.coralogix\.domain/ },
  {
    set: 'telemetry.mode=coralogix,telemetry.coralogix.domain=eu2.coralogix.com',
    says: /set telemetry\.coralogix\.existingSecret/,
  },
  { set: 'defaults.service.nodePort=30010', says: /both want nodePort 30010/ },
  {
    set: 'defaults.service.type=ClusterIP,services.order-service.service.nodePort=30016',
    says: /its type is ClusterIP/,
  },
  {
    set: 'services.product-service.service.nodePort=30017,console.enabled=true,console.service.nodePort=30017',
    says: /services\.product-service\.service and console\.service/,
  },
  { set: 'console.enabled=true,console.otlpPort=30017', says: /need a port each/ },
  { set: 'services.extra.port=3000', says: /services\.extra\.entry is missing/ },
  {
    set: 'services.product-service=null,services.inventory-service=null,services.order-service=null',
    says: /leave at least one/,
  },
  {
    set: 'config.readinessMode=strict,defaults.control.enabled=false',
    says: /nobody could reach \/demo\/reset/,
  },
  { set: 'defaults.strategy.maxSurge=0', says: /no update could begin/ },
  { set: 'defaults.autoscaling.minReplicas=5', says: /minReplicas is 5, more than maxReplicas, 3/ },
  {
    set: 'defaults.autoscaling.enabled=true,services.order-service.replicaCount=2',
    says: /the autoscaler decides/,
  },
  {
    set: 'console.enabled=true,console.ingress.enabled=true',
    says: /console\.ingress is enabled: set its hosts/,
  },
  { set: 'defaults.httpRoute.enabled=true', says: /set its parentRefs to a Gateway/ },
  {
    set: 'defaults.httpRoute.enabled=true,defaults.httpRoute.parentRefs[0].name=g',
    says: /set its hostnames/,
  },
  {
    set: 'defaults.ingress.enabled=true,defaults.ingress.hosts[0].host=demo.example.org',
    says: /both want the host demo\.example\.org/,
  },
  { set: 'database.certificateAuthority.existingSecret=ca', says: /set database\.ssl=verify-full/ },
  { set: 'defaults.terminationGracePeriodSeconds=10', says: /do not fit/ },
];
