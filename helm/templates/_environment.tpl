{{/*
One list out of a map of variables: a name can be there only once, since server-side apply refuses a second one.
A value is a text, a number, a boolean, or a map with valueFrom; an empty one is left out. Takes the map.
*/}}
{{- define "demo.environment" -}}
{{- range $name, $value := . }}
{{- if kindIs "map" $value }}
- name: {{ $name }}
  {{- toYaml $value | nindent 2 }}
{{- else if kindIs "float64" $value }}
- name: {{ $name }}
  value: {{ ternary (int64 $value | toString) (toString $value) (eq (floor $value) $value) | quote }}
{{- else if not (kindIs "invalid" $value) }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Variables of a service: a map, as YAML. Takes (dict "root" $ "name" … "service" …). */}}
{{- define "demo.serviceEnvironment" -}}
{{- $pool := .root.Values.database.pool -}}
NODE_ENV: production
SERVICE_NAME: {{ .name | quote }}
PORT: {{ int .service.port | quote }}
LISTEN_ADDRESS: "::"
{{ include "demo.databaseEnvironment" .root }}
DB_POOL_MAX: {{ include "demo.poolMax" .root | quote }}
DB_POOL_MIN: {{ int64 $pool.min | quote }}
DB_POOL_IDLE_TIMEOUT_MS: {{ int64 $pool.idleTimeoutMs | quote }}
DB_ACQUIRE_TIMEOUT_MS: {{ int64 $pool.acquireTimeoutMs | quote }}
DB_CONNECT_TIMEOUT_MS: {{ int64 $pool.connectTimeoutMs | quote }}
DB_QUEUE_MAX: {{ int64 $pool.queueMax | quote }}
DB_STATEMENT_TIMEOUT_MS: {{ int64 $pool.statementTimeoutMs | quote }}
DB_SPAN_NAME: {{ .root.Values.telemetry.databaseSpanName | quote }}
DB_SQL_COMMENTER: {{ .root.Values.telemetry.sqlComments | quote }}
TELEMETRY_ENCODING: {{ .root.Values.telemetry.encoding | quote }}
READINESS_MODE: {{ .root.Values.config.readinessMode | quote }}
LOG_LEVEL: {{ .root.Values.config.logLevel | quote }}
CHAOS_ENABLED: {{ .root.Values.chaos.enabled | quote }}
{{- include "demo.chaosToken" .root | nindent 0 }}
{{- if not (include "demo.nativeSleep" .root) }}
SHUTDOWN_DRAIN_MS: {{ mul 1000 (int .service.preStopSleepSeconds) | add 500 | quote }}
{{- end }}
{{- include "demo.telemetryEnvironment" .root | nindent 0 }}
{{- end }}

{{- define "demo.chaosToken" -}}
{{- if or .Values.chaos.token .Values.chaos.existingSecret }}
CHAOS_TOKEN:
  valueFrom:
    secretKeyRef:
      name: {{ .Values.chaos.existingSecret | default (printf "%s-chaos" (include "demo.fullname" .)) }}
      key: {{ .Values.chaos.secretKey }}
{{- end }}
{{- end }}
