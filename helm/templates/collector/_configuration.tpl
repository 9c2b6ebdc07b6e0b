{{/*
From OpenTelemetry to what Coralogix' database views read: the spans themselves, and metrics made of them. The key is
read from the environment, so that it is in no ConfigMap.
*/}}
{{- define "demo.collectorConfiguration" -}}
receivers:
  otlp:
    protocols:
      http:
        endpoint: ":4318"
processors:
  memory_limiter:
    check_interval: 1s
    limit_percentage: 80
    spike_limit_percentage: 25
  transform/database:
    {{- .Files.Get "files/collector/transform-database.yaml" | nindent 4 }}
  filter/database:
    error_mode: ignore
    traces:
      span:
        - span.attributes["db.system"] == nil
  filter/database-clients:
    error_mode: ignore
    traces:
      span:
        - span.kind != SPAN_KIND_CLIENT or span.attributes["db.namespace"] == nil or span.attributes["db.system"] == nil
connectors:
  forward/database: {}
  forward/database-clients: {}
  span_metrics:
    namespace: ""
    {{- include "demo.spanMetrics" . | nindent 4 }}
    dimensions:
      - name: http.method
      - name: http.response.status_code
      {{- include "demo.databaseDimensions" . | nindent 6 }}
  span_metrics/database:
    namespace: db
    {{- include "demo.spanMetrics" . | nindent 4 }}
    dimensions:
      {{- include "demo.databaseDimensions" . | nindent 6 }}
  span_metrics/database-compact:
    namespace: db_compact
    {{- include "demo.spanMetrics" (dict "exclude" (list "span.name" "span.kind")) | nindent 4 }}
    dimensions:
      - name: db.namespace
      - name: db.system
exporters:
  coralogix:
    domain: {{ .Values.telemetry.coralogix.domain | quote }}
    private_key: ${env:CORALOGIX_PRIVATE_KEY}
    application_name: {{ .Values.telemetry.serviceNamespace | quote }}
    subsystem_name: services
    application_name_attributes:
      - service.namespace
    subsystem_name_attributes:
      - service.name
    timeout: 30s
    sending_queue:
      sizer: bytes
      queue_size: 52428800
      batch:
        sizer: bytes
        flush_timeout: 1s
        min_size: 1048576
        max_size: 4194304
  {{- if .Values.console.enabled }}
  otlp_http/console:
    endpoint: http://{{ include "demo.fullname" . }}-console-otlp:{{ int .Values.console.otlpPort }}
    # A page that is not there must cost the rest nothing.
    retry_on_failure:
      enabled: false
  {{- end }}
extensions:
  health_check:
    endpoint: ":13133"
service:
  extensions:
    - health_check
  telemetry:
    logs:
      level: info
      encoding: json
  pipelines:
    {{- include "demo.collectorPipelines" . | nindent 4 }}
{{- end }}

{{- define "demo.spanMetrics" -}}
add_resource_attributes: true
aggregation_cardinality_limit: 100000
exclude_dimensions:
  - collector.instance.id
  {{- range .exclude }}
  - {{ . }}
  {{- end }}
metrics_expiration: 5m
metrics_flush_interval: 30s
histogram:
  unit: ms
  explicit:
    # With 2 s and then 5 s a constant 2.9 s would read as a p95 of 4.85 s.
    buckets: [1ms, 4ms, 10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s, 2s, 2500ms, 3s, 3250ms, 5s, 10s]
{{- end }}

{{- define "demo.databaseDimensions" -}}
- name: db.namespace
- name: db.operation.name
- name: db.collection.name
- name: db.system
- name: service.version
{{- end }}

{{- define "demo.collectorPipelines" -}}
{{- $exporters := list "coralogix" -}}
{{- if .Values.console.enabled -}}
{{- $exporters = append $exporters "otlp_http/console" -}}
{{- end -}}
traces:
  receivers: [otlp]
  processors: [memory_limiter, transform/database]
  exporters: [{{ join ", " $exporters }}, span_metrics, forward/database, forward/database-clients]
traces/database:
  receivers: [forward/database]
  processors: [filter/database]
  exporters: [span_metrics/database]
traces/database-clients:
  receivers: [forward/database-clients]
  processors: [filter/database-clients]
  exporters: [span_metrics/database-compact]
metrics:
  receivers: [otlp, span_metrics, span_metrics/database, span_metrics/database-compact]
  processors: [memory_limiter]
  exporters: [coralogix]
logs:
  receivers: [otlp]
  processors: [memory_limiter]
  exporters: [{{ join ", " $exporters }}]
{{- end }}
