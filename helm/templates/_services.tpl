{{/* The services by name, each with the defaults below its own entry, as YAML. */}}
{{- define "demo.services" -}}
{{- $services := dict -}}
{{- range $name, $own := .Values.services -}}
{{- if $own -}}
{{- $_ := set $services $name (mergeOverwrite (deepCopy $.Values.defaults) (deepCopy $own)) -}}
{{- end -}}
{{- end -}}
{{- toYaml $services -}}
{{- end }}

{{/* Replicas that are asked for; empty when the cluster is to decide. Takes (dict "root" $ "service" …). */}}
{{- define "demo.replicas" -}}
{{- if not .service.autoscaling.enabled -}}
{{- if not (kindIs "invalid" .service.replicaCount) -}}
{{ int .service.replicaCount }}
{{- else if not (kindIs "invalid" .root.Values.replicaCount) -}}
{{ int .root.Values.replicaCount }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The most pods a service may come to, for the budget arithmetic. */}}
{{- define "demo.mostReplicas" -}}
{{- if .service.autoscaling.enabled -}}
{{ int .service.autoscaling.maxReplicas }}
{{- else -}}
{{ include "demo.replicas" . | default "1" }}
{{- end -}}
{{- end }}

{{/* Whether this cluster knows the native sleep of preStop: on by default since 1.30. */}}
{{- define "demo.nativeSleep" -}}
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version }}true{{ end -}}
{{- end }}

{{/* Ports of a Service of any kind. Takes (dict "port" … "nodePort" … "name" …). */}}
{{- define "demo.servicePort" -}}
- name: {{ .name }}
  port: {{ int .port }}
  targetPort: {{ .name }}
  protocol: TCP
  {{- with .nodePort }}
  nodePort: {{ int . }}
  {{- end }}
{{- end }}

{{/* Which families of addresses a Service has. Takes its values. */}}
{{- define "demo.ipFamilies" -}}
{{- with .ipFamilyPolicy -}}
ipFamilyPolicy: {{ . }}
{{ end -}}
{{- with .ipFamilies -}}
ipFamilies:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end }}
