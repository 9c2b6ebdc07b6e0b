{{/*
What one value alone cannot say: combinations that would install and then not work. The schema checks each value.
Every message says what is wrong and what to set.
*/}}
{{- define "demo.validate" -}}
{{- include "demo.validateNames" . -}}
{{- include "demo.validateDatabase" . -}}
{{- include "demo.validateBudget" . -}}
{{- include "demo.validateTelemetry" . -}}
{{- include "demo.validatePorts" . -}}
{{- include "demo.validateScenario" . -}}
{{- range $name, $service := include "demo.services" . | fromYaml -}}
{{- include "demo.validateService" (dict "root" $ "name" $name "service" $service) -}}
{{- end -}}
{{- end }}

{{- define "demo.validateNames" -}}
{{- $name := include "demo.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- fail (printf "the name %q cannot begin the name of a Service: choose a release name, or set fullnameOverride, that begins with a letter and has only a-z, 0-9 and -" $name) -}}
{{- end -}}
{{- if and .Values.chaos.token .Values.chaos.existingSecret -}}
{{- fail "chaos.token and chaos.existingSecret are both set: set one of them" -}}
{{- end -}}
{{- end }}

{{- define "demo.validateDatabase" -}}
{{- $database := .Values.database -}}
{{- if .Values.postgresql.enabled -}}
{{- if $database.external.host -}}
{{- fail (printf "database.external.host is %q while postgresql.enabled is true: set postgresql.enabled=false to use your own PostgreSQL" $database.external.host) -}}
{{- end -}}
{{- if ne $database.ssl "disable" -}}
{{- fail (printf "database.ssl is %s, but the PostgreSQL of this chart has no certificate: set database.ssl=disable, or use your own PostgreSQL" $database.ssl) -}}
{{- end -}}
{{- if has "postgres" (list $database.user $database.controlUser) -}}
{{- fail "database.user and database.controlUser must not be postgres: that is the superuser, and no connection limit binds a superuser" -}}
{{- end -}}
{{- else -}}
{{- if not $database.external.host -}}
{{- fail "postgresql.enabled is false: set database.external.host to your own PostgreSQL" -}}
{{- end -}}
{{- if and (not $database.existingSecret) (not $database.external.adminSecret) -}}
{{- fail (printf "an external database needs database.existingSecret: a Secret with the keys %s, %s and %s; or database.external.adminSecret, and the passwords of the roles are made" $database.secretKeys.password $database.secretKeys.controlPassword $database.secretKeys.adminPassword) -}}
{{- end -}}
{{- if and .Values.migration.enabled (not $database.external.adminUser) -}}
{{- fail "the migration needs database.external.adminUser, a role that may create roles and databases; or set migration.enabled=false and run `npm run db:setup` yourself" -}}
{{- end -}}
{{- end -}}
{{- if and $database.certificateAuthority.existingSecret (ne $database.ssl "verify-full") -}}
{{- fail (printf "database.certificateAuthority.existingSecret is set, but database.ssl is %s, which checks no certificate: set database.ssl=verify-full" $database.ssl) -}}
{{- end -}}
{{- if eq $database.user $database.controlUser -}}
{{- fail "database.user and database.controlUser must differ: the control connections work because they are outside the budget" -}}
{{- end -}}
{{- end }}

{{- define "demo.validateBudget" -}}
{{- $sum := include "demo.budget" . | fromYaml -}}
{{- $pool := .Values.database.pool -}}
{{- if gt (int $pool.min) (int $sum.poolMax) -}}
{{- fail (printf "database.pool.min is %d, more than database.pool.max, %d" (int $pool.min) (int $sum.poolMax)) -}}
{{- end -}}
{{- if gt (int $sum.atRest) (int $sum.budget) -}}
{{- fail (printf "%d processes while a rollout lasts x database.pool.min %d = %d connections at rest, but database.connectionBudget is %d: lower the replicas or database.pool.min" (int $sum.most) (int $pool.min) (int $sum.atRest) (int $sum.budget)) -}}
{{- end -}}
{{- if and (not $pool.allowOversubscription) (gt (int $sum.wanted) (int $sum.budget)) -}}
{{- fail (printf "%d processes while a rollout lasts x database.pool.max %d = %d connections, but database.connectionBudget is %d: lower them, or set database.pool.allowOversubscription=true to let requests queue" (int $sum.most) (int $sum.poolMax) (int $sum.wanted) (int $sum.budget)) -}}
{{- end -}}
{{- if and (gt (int $sum.maxConnections) 0) (gt (int $sum.total) (int $sum.maxConnections)) -}}
{{- fail (printf "budget %d + %d control connections + %d of the migration + %d reserved = %d connections, but max_connections is %d: raise it, or lower the replicas or database.connectionBudget" (int $sum.budget) (int $sum.control) (int $sum.migration) (int $sum.reserved) (int $sum.total) (int $sum.maxConnections)) -}}
{{- end -}}
{{- if gt (int $sum.control) 50 -}}
{{- fail (printf "%d processes while a rollout lasts need a control connection each, but the set-up allows role %s 50: lower the replicas" (int $sum.control) .Values.database.controlUser) -}}
{{- end -}}
{{- end }}

{{- define "demo.validateTelemetry" -}}
{{- $telemetry := .Values.telemetry -}}
{{- if and (eq $telemetry.mode "otlp") (not $telemetry.otlp.endpoint) -}}
{{- fail "telemetry.mode is otlp: set telemetry.otlp.endpoint, such as http://collector.observability:4318" -}}
{{- end -}}
{{- if and $telemetry.otlp.endpoint (ne $telemetry.mode "otlp") -}}
{{- fail (printf "telemetry.otlp.endpoint is set, but telemetry.mode is %s: set telemetry.mode=otlp" $telemetry.mode) -}}
{{- end -}}
{{- if eq $telemetry.mode "coralogix" -}}
{{- if not $telemetry.coralogix.domain -}}
{{- fail "telemetry.mode is coralogix: set telemetry.coralogix.domain, such as eu2.coralogix.com" -}}
{{- end -}}
{{- if not $telemetry.coralogix.existingSecret -}}
{{- fail (printf "telemetry.mode is coralogix: set telemetry.coralogix.existingSecret to a Secret with the Send-Your-Data key under %s" $telemetry.coralogix.secretKey) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "demo.validatePorts" -}}
{{- $taken := dict -}}
{{- $hosts := dict -}}
{{- $services := include "demo.services" . | fromYaml -}}
{{- if not $services -}}
{{- fail "services is empty: leave at least one service" -}}
{{- end -}}
{{- range $name, $service := $services -}}
{{- include "demo.validateNodePort" (dict "owner" (printf "services.%s.service" $name) "service" $service.service "taken" $taken) -}}
{{- include "demo.validateDoors" (dict "at" (printf "services.%s" $name) "name" $name "values" $service "taken" $hosts) -}}
{{- if $service.control.enabled -}}
{{- include "demo.validateNodePort" (dict "owner" (printf "services.%s.control" $name) "service" $service.control "taken" $taken) -}}
{{- end -}}
{{- end -}}
{{- if .Values.console.enabled -}}
{{- include "demo.validateNodePort" (dict "owner" "console.service" "service" .Values.console.service "taken" $taken) -}}
{{- include "demo.validateDoors" (dict "at" "console" "name" "console" "values" .Values.console "taken" $hosts) -}}
{{- if eq (int .Values.console.port) (int .Values.console.otlpPort) -}}
{{- fail (printf "console.port and console.otlpPort are both %d: the page and OTLP need a port each" (int .Values.console.port)) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "demo.validateNodePort" -}}
{{- with .service.nodePort -}}
{{- if eq $.service.type "ClusterIP" -}}
{{- fail (printf "%s.nodePort is %d, but its type is ClusterIP: set type=NodePort, or leave nodePort out" $.owner (int .)) -}}
{{- end -}}
{{- $port := toString (int .) -}}
{{- if hasKey $.taken $port -}}
{{- fail (printf "%s and %s both want nodePort %s" (get $.taken $port) $.owner $port) -}}
{{- end -}}
{{- $_ := set $.taken $port $.owner -}}
{{- end -}}
{{- end }}

{{- define "demo.validateService" -}}
{{- $service := .service -}}
{{- $at := printf "services.%s" .name -}}
{{- range $key := list "entry" "port" -}}
{{- if not (get $service $key) -}}
{{- fail (printf "%s.%s is missing: an entry of services needs entry (the file in the image) and port" $at $key) -}}
{{- end -}}
{{- end -}}
{{- if and (eq .root.Values.config.readinessMode "strict") (not $service.control.enabled) -}}
{{- fail (printf "config.readinessMode is strict, but %s.control.enabled is false: while the pool is exhausted nobody could reach /demo/reset" $at) -}}
{{- end -}}
{{- if and (eq (int $service.strategy.maxSurge) 0) (eq (int $service.strategy.maxUnavailable) 0) -}}
{{- fail (printf "%s.strategy: maxSurge and maxUnavailable are both 0, so that no update could begin" $at) -}}
{{- end -}}
{{- if gt (int $service.autoscaling.minReplicas) (int $service.autoscaling.maxReplicas) -}}
{{- fail (printf "%s.autoscaling.minReplicas is %d, more than maxReplicas, %d" $at (int $service.autoscaling.minReplicas) (int $service.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and $service.autoscaling.enabled (not (kindIs "invalid" (.service.replicaCount))) -}}
{{- fail (printf "%s.replicaCount and autoscaling.enabled are both set: the autoscaler decides the replicas, so leave replicaCount out" $at) -}}
{{- end -}}
{{- if le (int $service.terminationGracePeriodSeconds) (add 6 (int $service.preStopSleepSeconds)) -}}
{{- fail (printf "%s.terminationGracePeriodSeconds is %d: preStopSleepSeconds %d and 6 seconds for the process to end do not fit" $at (int $service.terminationGracePeriodSeconds) (int $service.preStopSleepSeconds)) -}}
{{- end -}}
{{- end }}
