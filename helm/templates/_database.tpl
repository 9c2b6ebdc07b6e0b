{{- define "demo.databaseHost" -}}
{{- if .Values.postgresql.enabled -}}
{{ include "demo.fullname" . }}-postgresql
{{- else -}}
{{ .Values.database.external.host }}
{{- end -}}
{{- end }}

{{- define "demo.databasePort" -}}
{{- if .Values.postgresql.enabled }}5432{{ else }}{{ int .Values.database.external.port }}{{ end -}}
{{- end }}

{{- define "demo.databaseSecret" -}}
{{- .Values.database.existingSecret | default (printf "%s-database" (include "demo.fullname" .)) -}}
{{- end }}

{{- define "demo.adminUser" -}}
{{- if .Values.postgresql.enabled }}postgres{{ else }}{{ .Values.database.external.adminUser }}{{ end -}}
{{- end }}

{{/* One variable from the Secret of the database. Takes (dict "root" $ "key" …), and "optional" where it may lack. */}}
{{- define "demo.databasePassword" -}}
valueFrom:
  secretKeyRef:
    name: {{ include "demo.databaseSecret" .root }}
    key: {{ .key }}
    {{- if .optional }}
    optional: true
    {{- end }}
{{- end }}

{{- define "demo.adminPassword" -}}
{{- $external := .Values.database.external -}}
{{- if and (not .Values.postgresql.enabled) $external.adminSecret -}}
valueFrom:
  secretKeyRef:
    name: {{ $external.adminSecret }}
    key: {{ $external.adminSecretKey }}
{{- else -}}
{{ include "demo.databasePassword" (dict "root" . "key" .Values.database.secretKeys.adminPassword) }}
{{- end -}}
{{- end }}

{{/* Most connections of one process. */}}
{{- define "demo.poolMax" -}}
{{- int64 (.Values.database.pool.max | default (min 1000 (int .Values.database.connectionBudget))) -}}
{{- end }}

{{/* The authorities whose certificates Node.js is to trust beside its own, where the user brings some. */}}
{{- define "demo.authorityFolder" -}}/etc/database-authority{{- end }}

{{- define "demo.authorityVolume" -}}
{{- with .Values.database.certificateAuthority.existingSecret -}}
- name: database-authority
  secret:
    secretName: {{ . }}
{{- end -}}
{{- end }}

{{- define "demo.authorityMount" -}}
{{- if .Values.database.certificateAuthority.existingSecret -}}
- name: database-authority
  mountPath: {{ include "demo.authorityFolder" . }}
  readOnly: true
{{- end -}}
{{- end }}

{{/* Where the database is, and both roles: a map of variables, as YAML. */}}
{{- define "demo.databaseEnvironment" -}}
{{- $keys := .Values.database.secretKeys -}}
DB_HOST: {{ include "demo.databaseHost" . | quote }}
DB_PORT: {{ include "demo.databasePort" . | quote }}
DB_NAME: {{ .Values.database.name | quote }}
DB_USER: {{ .Values.database.user | quote }}
DB_PASSWORD:
  {{- include "demo.databasePassword" (dict "root" . "key" $keys.password) | nindent 2 }}
DB_CONTROL_USER: {{ .Values.database.controlUser | quote }}
DB_CONTROL_PASSWORD:
  {{- include "demo.databasePassword" (dict "root" . "key" $keys.controlPassword) | nindent 2 }}
DB_NEIGHBOUR_USER: {{ .Values.database.neighbourUser | quote }}
DB_NEIGHBOUR_PASSWORD:
  {{- include "demo.databasePassword" (dict "root" . "key" $keys.neighbourPassword "optional" true) | nindent 2 }}
DB_CONNECTION_BUDGET: {{ int .Values.database.connectionBudget | quote }}
DB_SSL: {{ .Values.database.ssl | quote }}
{{- if .Values.database.certificateAuthority.existingSecret }}
NODE_EXTRA_CA_CERTS: {{ include "demo.authorityFolder" . }}/{{ .Values.database.certificateAuthority.secretKey }}
{{- end }}
{{- end }}

{{/* What the program that sets the database up needs: a map of variables, as YAML. */}}
{{- define "demo.setUpEnvironment" -}}
{{ include "demo.databaseEnvironment" . }}
DB_ADMIN_USER: {{ include "demo.adminUser" . | quote }}
DB_ADMIN_PASSWORD:
  {{- include "demo.adminPassword" . | nindent 2 }}
DB_ADMIN_DATABASE: {{ ternary "postgres" .Values.database.external.adminDatabase .Values.postgresql.enabled | quote }}
DB_DEMO_ORDERS: {{ int64 .Values.migration.demoOrders | quote }}
DB_SETUP_WAIT_SECONDS: {{ int .Values.migration.waitSeconds | quote }}
{{- end }}
