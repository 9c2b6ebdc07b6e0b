{{/* What belongs to one service beside its Deployment. All take (dict "root" $ "name" … "service" … "component" …). */}}
{{- define "demo.serviceObject" -}}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "demo.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
    database-load-demo/endpoint: main
  {{- with .service.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .service.service.type }}
  {{- with include "demo.ipFamilies" .service.service }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  selector:
    {{- include "demo.selectorLabels" . | nindent 4 }}
  ports:
    {{- include "demo.servicePort" (dict "name" "http" "port" .service.port "nodePort" .service.service.nodePort) | nindent 4 }}
{{ end }}

{{/* Reaches pods that are not ready too: under strict readiness and exhaustion the only way to /demo/reset. */}}
{{- define "demo.controlService" -}}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "demo.fullname" .root }}-{{ .name }}-control
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
    database-load-demo/endpoint: control
spec:
  type: {{ .service.control.type }}
  {{- with include "demo.ipFamilies" .service.service }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  publishNotReadyAddresses: true
  selector:
    {{- include "demo.selectorLabels" . | nindent 4 }}
  ports:
    {{- include "demo.servicePort" (dict "name" "http" "port" .service.port "nodePort" .service.control.nodePort) | nindent 4 }}
{{ end }}

{{- define "demo.podDisruptionBudget" -}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "demo.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ int .service.podDisruptionBudget.maxUnavailable }}
  # Pods that are not ready, as under strict readiness, must not block a drain.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "demo.selectorLabels" . | nindent 6 }}
{{ end }}

{{- define "demo.autoscaler" -}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "demo.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "demo.fullname" .root }}-{{ .name }}
  minReplicas: {{ int .service.autoscaling.minReplicas }}
  maxReplicas: {{ int .service.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ int .service.autoscaling.targetCPUUtilizationPercentage }}
{{ end }}
