{{/* Shell variables with the address of each service, by how it is reached. */}}
{{- define "demo.notesAddresses" -}}
{{- $services := include "demo.services" . | fromYaml -}}
{{- $nodePort := false -}}
{{- range $name, $service := $services -}}
{{- if eq $service.service.type "NodePort" -}}{{- $nodePort = true -}}{{- end -}}
{{- end -}}
{{- if $nodePort }}
  NODE=$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}' | sed 's/ .*//; s/.*:.*/[&]/')
{{- end }}
{{- range $name, $service := $services }}
{{- include "demo.notesAddress" (dict "root" $ "name" $name "service" $service.service "port" $service.port) }}
{{- include "demo.notesDoors" $service }}
{{- end }}
{{- if .Values.console.enabled }}
{{- include "demo.notesAddress" (dict "root" $ "name" "console" "service" .Values.console.service "port" .Values.console.port) }}
{{- include "demo.notesDoors" .Values.console }}
  echo "Open $CONSOLE"
{{- end }}
{{- end }}

{{/* Names under which one of them is reached from outside. Takes the values of a service or of the console. */}}
{{- define "demo.notesDoors" -}}
{{- if .ingress.enabled }}
{{- range .ingress.hosts }}
  # also {{ ternary "https" "http" (not (empty $.ingress.tls)) }}://{{ .host }}
{{- end }}
{{- end }}
{{- if .httpRoute.enabled }}
{{- range .httpRoute.hostnames }}
  # also {{ . }}, by its Gateway
{{- end }}
{{- end }}
{{- end }}

{{/* The console asks nobody who they are, and sends the token of the faults by itself. */}}
{{- define "demo.notesConsole" -}}
{{- $console := .Values.console -}}
{{- $open := or (ne $console.service.type "ClusterIP") $console.ingress.enabled $console.httpRoute.enabled -}}
{{- if and $console.enabled $open .Values.chaos.enabled }}
{{- if or .Values.chaos.token .Values.chaos.existingSecret }}
WARNING: the console is open and sends the token itself: whoever reaches it may change faults and make load.
{{- else }}
WARNING: the console is open and there is no token: whoever reaches it may switch faults on and make load.
{{- end }}
Set console.service.type=ClusterIP and use kubectl port-forward, or put a log-in before it.
{{- end }}
{{- end }}

{{/* With strict readiness no new pod becomes ready while the budget is exhausted. */}}
{{- define "demo.notesStrict" -}}
{{- if eq .Values.config.readinessMode "strict" }}
Strict readiness: a rollout waits while the budget is exhausted, since no new pod becomes ready. Reset through the
control Service, as above, and it goes on.
{{- end }}
{{- end }}

{{- define "demo.notesAddress" -}}
{{- $variable := trimSuffix "-service" .name | upper | replace "-" "_" -}}
{{- $object := printf "%s-%s" (include "demo.fullname" .root) .name -}}
{{- $get := printf "kubectl -n %s get service %s -o jsonpath=" .root.Release.Namespace $object }}
{{- if eq .service.type "ClusterIP" }}
  kubectl -n {{ .root.Release.Namespace }} port-forward service/{{ $object }} {{ int .port }} &
  {{ $variable }}=http://localhost:{{ int .port }}
{{- else if eq .service.type "LoadBalancer" }}
  {{ $variable }}=http://$({{ $get }}'{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'):{{ int .port }}
{{- else if .service.nodePort }}
  {{ $variable }}=http://$NODE:{{ int .service.nodePort }}
{{- else }}
  {{ $variable }}=http://$NODE:$({{ $get }}'{.spec.ports[0].nodePort}')
{{- end }}
{{- end }}

{{- define "demo.notesDemo" -}}
{{- $token := or .Values.chaos.token .Values.chaos.existingSecret -}}
{{- $authorization := ternary " -H \"Authorization: Bearer $TOKEN\"" "" (not (empty $token)) -}}
{{- if $token }}
  TOKEN=$(kubectl -n {{ .Release.Namespace }} get secret {{ .Values.chaos.existingSecret | default (printf "%s-chaos" (include "demo.fullname" .)) }} -o jsonpath='{.data.{{ .Values.chaos.secretKey | replace "." "\\." }}}' | base64 -d)
{{- end }}
  curl $INVENTORY/inventory/check/5
  curl "$ORDER/orders/popular-products?limit=5"
  curl -X POST $ORDER/orders/create -H "Content-Type: application/json" -d '{"user_id":"demo_user","product_id":5,"quantity":2}'
  curl -X POST $INVENTORY/inventory/reserve -H "Content-Type: application/json" -d '{"product_id":5,"quantity":1}'
  {{- if .Values.chaos.enabled }}
  curl -X POST $INVENTORY/demo/enable-slow-queries{{ $authorization }} -d '{"delay_ms":2900}'
  curl -X POST $INVENTORY/demo/simulate-pool-exhaustion{{ $authorization }}
  curl $INVENTORY/health | jq '.connection_pool'
  curl -X POST $INVENTORY/demo/reset{{ $authorization }}
  {{- if eq .Values.config.readinessMode "strict" }}
  # Strict readiness: while the pool is exhausted only the control Service leads to /demo/reset.
  kubectl -n {{ .Release.Namespace }} port-forward service/{{ include "demo.fullname" . }}-inventory-service-control 30115:30015 &
  curl -X POST http://localhost:30115/demo/reset{{ $authorization }}
  {{- end }}
  {{- end }}
{{- end }}
