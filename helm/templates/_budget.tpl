{{/* The arithmetic of the connections, as YAML: what the services may want, what PostgreSQL grants. */}}
{{- define "demo.budget" -}}
{{- $pool := .Values.database.pool -}}
{{- $processes := 0 -}}
{{- $surge := 0 -}}
{{- range $name, $service := include "demo.services" . | fromYaml -}}
{{- $processes = add $processes (include "demo.mostReplicas" (dict "root" $ "service" $service) | int) -}}
{{- $surge = add $surge (int $service.strategy.maxSurge) -}}
{{- end -}}
{{- $most := add $processes $surge -}}
{{- $poolMax := include "demo.poolMax" . | int -}}
{{- $control := add $most (ternary 1 0 .Values.console.enabled) -}}
{{- $budget := int .Values.database.connectionBudget -}}
{{- $reserved := 0 -}}
{{- $maxConnections := 0 -}}
{{- if .Values.postgresql.enabled -}}
{{- $reserved = add (int .Values.postgresql.superuserReservedConnections) (int .Values.postgresql.reservedConnections) -}}
{{- $maxConnections = int .Values.postgresql.maxConnections -}}
{{- else -}}
{{- $maxConnections = int (.Values.database.external.maxConnections | default 0) -}}
{{- end -}}
processes: {{ $processes }}
# While a rollout lasts, new pods are there beside the old ones.
surge: {{ $surge }}
most: {{ $most }}
budget: {{ $budget }}
poolMax: {{ $poolMax }}
wanted: {{ mul $most $poolMax }}
atRest: {{ mul $most (int $pool.min) }}
control: {{ $control }}
# The migration takes two at a time, and two may run.
migration: 4
reserved: {{ $reserved }}
total: {{ add $budget $control 4 $reserved }}
maxConnections: {{ $maxConnections }}
{{- end }}
