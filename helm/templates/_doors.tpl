{{/* Ways in from outside by name. All take (dict "root" $ "name" … "component" … "values" … "port" …). */}}
{{- define "demo.doors" -}}
{{- if .values.ingress.enabled }}
{{- include "demo.ingress" . }}
{{- end }}
{{- if .values.httpRoute.enabled }}
{{- include "demo.httpRoute" . }}
{{- end }}
{{- end }}

{{- define "demo.ingress" -}}
{{- $object := printf "%s-%s" (include "demo.fullname" .root) .name -}}
{{- $port := int .port }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $object }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
  {{- with .values.ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .values.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .values.ingress.tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- range .values.ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths | default (list (dict "path" "/")) }}
          - path: {{ .path }}
            pathType: {{ .pathType | default "Prefix" }}
            backend:
              service:
                name: {{ $object }}
                port:
                  number: {{ $port }}
          {{- end }}
    {{- end }}
{{ end }}

{{- define "demo.httpRoute" -}}
{{- $object := printf "%s-%s" (include "demo.fullname" .root) .name }}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ $object }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
  {{- with .values.httpRoute.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  parentRefs:
    {{- toYaml .values.httpRoute.parentRefs | nindent 4 }}
  {{- with .values.httpRoute.hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - backendRefs:
        - name: {{ $object }}
          port: {{ int .port }}
      {{- with .values.httpRoute.matches }}
      matches:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.httpRoute.filters }}
      filters:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{ end }}

{{/* What would install and lead nowhere, or send the visitors of two services to one. */}}
{{- define "demo.validateDoors" -}}
{{- with .values.ingress }}
{{- if and .enabled (not .hosts) -}}
{{- fail (printf "%s.ingress is enabled: set its hosts, such as [{host: %s.example.org}]" $.at $.name) -}}
{{- end -}}
{{- end -}}
{{- with .values.httpRoute }}
{{- if and .enabled (not .parentRefs) -}}
{{- fail (printf "%s.httpRoute is enabled: set its parentRefs to a Gateway, such as [{name: gateway}]" $.at) -}}
{{- end -}}
{{- if and .enabled (not .hostnames) -}}
{{- fail (printf "%s.httpRoute is enabled: set its hostnames, such as [%s.example.org]" $.at $.name) -}}
{{- end -}}
{{- end -}}
{{- $hosts := list -}}
{{- if .values.ingress.enabled -}}
{{- range .values.ingress.hosts -}}
{{- $hosts = append $hosts .host -}}
{{- end -}}
{{- end -}}
{{- if .values.httpRoute.enabled -}}
{{- $hosts = concat $hosts .values.httpRoute.hostnames -}}
{{- end -}}
{{- range uniq $hosts -}}
{{- if hasKey $.taken . -}}
{{- fail (printf "%s and %s both want the host %s: services share paths such as /health, so each needs a name of its own" (get $.taken .) $.at .) -}}
{{- end -}}
{{- $_ := set $.taken . $.at -}}
{{- end -}}
{{- end }}
