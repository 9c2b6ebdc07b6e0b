{{/* Address to which the services export; empty when they do not. */}}
{{- define "demo.otlpEndpoint" -}}
{{- $fullname := include "demo.fullname" . -}}
{{- if eq .Values.telemetry.mode "coralogix" -}}
http://{{ $fullname }}-collector:4318
{{- else if eq .Values.telemetry.mode "otlp" -}}
{{ .Values.telemetry.otlp.endpoint }}
{{- end -}}
{{- end }}

{{/* TCP port of an URL. */}}
{{- define "demo.urlPort" -}}
{{- $url := urlParse . -}}
{{- regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (ternary "443" "80" (eq $url.scheme "https")) -}}
{{- end }}

{{/* OpenTelemetry's own variables: a map, as YAML. Kubernetes puts in what $(…) names. */}}
{{- define "demo.telemetryEnvironment" -}}
{{- with include "demo.otlpEndpoint" . }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
OTEL_EXPORTER_OTLP_PROTOCOL: {{ ternary $.Values.telemetry.otlp.protocol "http/protobuf" (eq $.Values.telemetry.mode "otlp") | quote }}
{{- end }}
{{- /* The collector, where there is one, tells the console by itself. */}}
{{- if and .Values.console.enabled (ne .Values.telemetry.mode "coralogix") }}
CONSOLE_OTLP_ENDPOINT: http://{{ include "demo.fullname" . }}-console-otlp:{{ int .Values.console.otlpPort }}
{{- end }}
{{- if and (eq .Values.telemetry.mode "otlp") .Values.telemetry.otlp.existingSecret }}
OTEL_EXPORTER_OTLP_HEADERS:
  valueFrom:
    secretKeyRef:
      name: {{ .Values.telemetry.otlp.existingSecret }}
      key: {{ .Values.telemetry.otlp.secretKey }}
{{- end }}
K8S_NODE_NAME:
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
K8S_POD_NAME:
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
K8S_POD_UID:
  valueFrom:
    fieldRef:
      fieldPath: metadata.uid
OTEL_RESOURCE_ATTRIBUTES: {{ include "demo.resourceAttributes" . | quote }}
{{- end }}

{{- define "demo.resourceAttributes" -}}
{{- $attributes := list
  (printf "service.namespace=%s" .Values.telemetry.serviceNamespace)
  (printf "service.version=%s" (.Values.image.tag | default .Chart.AppVersion))
  (printf "deployment.environment.name=%s" .Values.telemetry.environment)
  (printf "k8s.namespace.name=%s" .Release.Namespace)
  "k8s.pod.name=$(K8S_POD_NAME)"
  "k8s.pod.uid=$(K8S_POD_UID)"
  "k8s.node.name=$(K8S_NODE_NAME)"
  "service.instance.id=$(K8S_POD_UID)"
-}}
{{- join "," $attributes -}}
{{- end }}
