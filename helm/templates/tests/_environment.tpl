{{/*
The control Services for what changes faults, the others for what people do. A map of variables, as YAML.
*/}}
{{- define "demo.checksEnvironment" -}}
{{- range $name, $service := include "demo.services" . | fromYaml }}
{{- $variable := trimSuffix "-service" $name | upper | replace "-" "_" }}
{{- $address := printf "http://%s-%s" (include "demo.fullname" $) $name }}
{{ $variable }}_URL: {{ printf "%s:%d" $address (int $service.port) | quote }}
{{ $variable }}_CONTROL_URL: {{ printf "%s%s:%d" $address (ternary "-control" "" $service.control.enabled) (int $service.port) | quote }}
{{- end }}
CHAOS_ENABLED: {{ .Values.chaos.enabled | quote }}
{{- include "demo.chaosToken" . | nindent 0 }}
{{- end }}
