{{- define "demo.consoleContainer" -}}
{{ include "demo.applicationImage" . }}
args:
  - dist/console.js
ports:
  - name: http
    containerPort: {{ int .Values.console.port }}
    protocol: TCP
  - name: otlp
    containerPort: {{ int .Values.console.otlpPort }}
    protocol: TCP
env:
  {{- $own := include "demo.consoleEnvironment" . | fromYaml }}
  {{- include "demo.environment" (merge dict .Values.console.env $own) | trim | nindent 2 }}
startupProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  httpGet:
    path: /health/ready
    port: http
  periodSeconds: 5
  timeoutSeconds: 3
resources:
  {{- toYaml .Values.console.resources | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  - name: runs
    mountPath: /runs
  {{- with include "demo.authorityMount" . }}
  {{- . | trim | nindent 2 }}
  {{- end }}
{{- end }}

{{/* A map of variables, as YAML. */}}
{{- define "demo.consoleEnvironment" -}}
NODE_ENV: production
PORT: {{ int .Values.console.port | quote }}
LISTEN_ADDRESS: "::"
CONSOLE_OTLP_PORT: {{ int .Values.console.otlpPort | quote }}
CONSOLE_OTLP_ADDRESS: "::"
CONSOLE_RUNS_DIR: /runs
{{- range $name, $service := include "demo.services" . | fromYaml }}
{{- if has $name (list "product-service" "inventory-service" "order-service") }}
{{ trimSuffix "-service" $name | upper }}_URL: {{ include "demo.consoleTarget" (dict "root" $ "name" $name "service" $service) | quote }}
{{- end }}
{{- end }}
{{ omit (include "demo.databaseEnvironment" . | fromYaml) "DB_PASSWORD" "DB_NEIGHBOUR_USER" "DB_NEIGHBOUR_PASSWORD" | toYaml }}
LOG_LEVEL: {{ .Values.config.logLevel | quote }}
{{- include "demo.chaosToken" . | nindent 0 }}
{{- end }}

{{/* Under strict readiness the console must reach services that are not ready, to reset them. */}}
{{- define "demo.consoleTarget" -}}
{{- $control := eq .root.Values.config.readinessMode "strict" -}}
http://{{ include "demo.fullname" .root }}-{{ .name }}{{ if $control }}-control{{ end }}:{{ int .service.port }}
{{- end }}
