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

{{/* One variable from the Secret of the database. Takes (dict "root" $ "key" …). */}}
{{- define "demo.databasePassword" -}}
valueFrom:
  secretKeyRef:
    name: {{ include "demo.databaseSecret" .root }}
    key: {{ .key }}
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
DB_CONNECTION_BUDGET: {{ int .Values.database.connectionBudget | quote }}
{{- end }}

{{/* What the program that sets the database up needs: a map of variables, as YAML. */}}
{{- define "demo.setUpEnvironment" -}}
{{ include "demo.databaseEnvironment" . }}
DB_ADMIN_USER: {{ include "demo.adminUser" . | quote }}
DB_ADMIN_PASSWORD:
  {{- include "demo.databasePassword" (dict "root" . "key" .Values.database.secretKeys.adminPassword) | nindent 2 }}
DB_ADMIN_DATABASE: {{ ternary "postgres" .Values.database.external.adminDatabase .Values.postgresql.enabled | quote }}
DB_SETUP_WAIT_SECONDS: {{ int .Values.migration.waitSeconds | quote }}
{{- with .Values.database.ssl }}
{{- if ne . "disable" }}
# The set-up program leaves TLS to its driver, which reads libpq's variable.
PGSSLMODE: {{ ternary "no-verify" . (eq . "require") | quote }}
{{- end }}
{{- end }}
{{- end }}
