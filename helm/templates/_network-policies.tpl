{{/* Pods of this release that carry a label. Takes (dict "root" $ "label" …). */}}
{{- define "demo.podsWith" -}}
podSelector:
  matchLabels:
    app.kubernetes.io/instance: {{ .root.Release.Name }}
    {{ .label }}: "true"
{{- end }}

{{- define "demo.podsOf" -}}
podSelector:
  matchLabels:
    {{- include "demo.selectorLabels" . | nindent 4 }}
{{- end }}

{{- define "demo.policyMetadata" -}}
metadata:
  name: {{ include "demo.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" (dict "root" .root "component" .name) | nindent 4 }}
{{- end }}

{{/* 5353: where OpenShift's DNS pods listen. */}}
{{- define "demo.egressToNames" -}}
- ports:
    {{- range list 53 5353 }}
    - port: {{ . }}
      protocol: UDP
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}

{{- define "demo.databasePolicy" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
{{ include "demo.policyMetadata" (dict "root" . "name" "postgresql") }}
spec:
  {{- include "demo.podsOf" (dict "root" . "component" "postgresql") | nindent 2 }}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - {{- include "demo.podsWith" (dict "root" . "label" "database-load-demo/database-client") | nindent 10 }}
      ports:
        - port: 5432
          protocol: TCP
  # It answers and calls nobody.
  egress: []
{{- end }}

{{/* Services, console and migration: whoever uses the database. */}}
{{- define "demo.applicationPolicy" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
{{ include "demo.policyMetadata" (dict "root" . "name" "application") }}
spec:
  {{- include "demo.podsWith" (dict "root" . "label" "database-load-demo/database-client") | nindent 2 }}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - ports:
        {{- range $port := include "demo.applicationPorts" . | fromYamlArray }}
        - port: {{ int $port }}
          protocol: TCP
        {{- end }}
      {{- with .Values.networkPolicy.allowFrom }}
      from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/instance: {{ $.Release.Name }}
        {{- toYaml . | nindent 8 }}
      {{- end }}
  egress:
    {{- include "demo.egressToNames" . | nindent 4 }}
    - ports:
        - port: {{ include "demo.databasePort" . }}
          protocol: TCP
      {{- if .Values.postgresql.enabled }}
      to:
        - {{- include "demo.podsOf" (dict "root" . "component" "postgresql") | nindent 10 }}
      {{- end }}
    {{- with include "demo.otlpEndpoint" . }}
    - ports:
        - port: {{ include "demo.urlPort" . }}
          protocol: TCP
    {{- end }}
    {{- if .Values.console.enabled }}
    - ports:
        {{- range $port := include "demo.applicationPorts" . | fromYamlArray }}
        - port: {{ int $port }}
          protocol: TCP
        {{- end }}
      to:
        - {{- include "demo.podsWith" (dict "root" . "label" "database-load-demo/database-client") | nindent 10 }}
    {{- end }}
    {{- with .Values.networkPolicy.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "demo.applicationPorts" -}}
{{- $ports := list -}}
{{- range $name, $service := include "demo.services" . | fromYaml -}}
{{- $ports = append $ports (int $service.port) -}}
{{- end -}}
{{- if .Values.console.enabled -}}
{{- $ports = concat $ports (list (int .Values.console.port) (int .Values.console.otlpPort)) -}}
{{- end -}}
{{- uniq $ports | toYaml -}}
{{- end }}

{{- define "demo.collectorPolicy" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
{{ include "demo.policyMetadata" (dict "root" . "name" "collector") }}
spec:
  {{- include "demo.podsOf" (dict "root" . "component" "collector") | nindent 2 }}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - {{- include "demo.podsWith" (dict "root" . "label" "database-load-demo/telemetry-client") | nindent 10 }}
      ports:
        - port: 4318
          protocol: TCP
  egress:
    {{- include "demo.egressToNames" . | nindent 4 }}
    - ports:
        - port: 443
          protocol: TCP
    {{- if .Values.console.enabled }}
    - ports:
        - port: {{ int .Values.console.otlpPort }}
          protocol: TCP
      to:
        - {{- include "demo.podsOf" (dict "root" . "component" "console") | nindent 10 }}
    {{- end }}
    {{- with .Values.networkPolicy.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
