{{/* One service. Takes (dict "root" $ "name" … "service" … "component" …). */}}
{{- define "demo.deployment" -}}
{{- $service := .service }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "demo.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "demo.labels" . | nindent 4 }}
spec:
  {{- with include "demo.replicas" . }}
  replicas: {{ . }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: {{ int $service.strategy.maxSurge }}
      maxUnavailable: {{ int $service.strategy.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "demo.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "demo.servicePodLabels" . | nindent 8 }}
      {{- with include "demo.servicePodAnnotations" . }}
      annotations:
        {{- . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "demo.podBasics" (dict "root" .root "user" .root.Values.runAsUser) | nindent 6 }}
      terminationGracePeriodSeconds: {{ int $service.terminationGracePeriodSeconds }}
      {{- with $service.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with include "demo.placement" $service | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with include "demo.topologySpread" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          {{- include "demo.serviceContainer" . | nindent 10 }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
        {{- with include "demo.authorityVolume" .root }}
        {{- . | trim | nindent 8 }}
        {{- end }}
        {{- with $service.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{ end }}

{{- define "demo.servicePodLabels" -}}
{{ include "demo.selectorLabels" . }}
database-load-demo/database-client: "true"
database-load-demo/telemetry-client: "true"
{{- with .service.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The chaos token may be hashed: it is the user's own. The generated passwords must not be: each render has others. */}}
{{- define "demo.servicePodAnnotations" -}}
{{- with .root.Values.chaos.token -}}
checksum/chaos-token: {{ sha256sum . | trunc 8 | quote }}
{{ end -}}
{{- with .service.podAnnotations -}}
{{ toYaml . }}
{{- end -}}
{{- end }}

{{- define "demo.topologySpread" -}}
{{- with .service.topologySpread }}
{{- if .enabled }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: {{ .topologyKey }}
    whenUnsatisfiable: {{ .whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "demo.selectorLabels" $ | nindent 8 }}
{{- end }}
{{- end }}
{{- end }}

{{- define "demo.serviceContainer" -}}
{{- $service := .service -}}
{{ include "demo.applicationImage" .root }}
args:
  - {{ $service.entry }}
ports:
  - name: http
    containerPort: {{ int $service.port }}
    protocol: TCP
env:
  {{- $own := include "demo.serviceEnvironment" . | fromYaml }}
  {{- include "demo.environment" (merge dict $service.env $own) | trim | nindent 2 }}
{{- with $service.probes }}
# Neither of these two asks the database: its trouble must not restart every pod.
startupProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: {{ int .startup.periodSeconds }}
  failureThreshold: {{ int .startup.failureThreshold }}
livenessProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: {{ int .liveness.periodSeconds }}
  timeoutSeconds: {{ int .liveness.timeoutSeconds }}
  failureThreshold: {{ int .liveness.failureThreshold }}
readinessProbe:
  httpGet:
    path: /health/ready
    port: http
  periodSeconds: {{ int .readiness.periodSeconds }}
  timeoutSeconds: {{ int .readiness.timeoutSeconds }}
  failureThreshold: {{ int .readiness.failureThreshold }}
{{- end }}
{{- if and (include "demo.nativeSleep" .root) (gt (int $service.preStopSleepSeconds) 0) }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ int $service.preStopSleepSeconds }}
{{- end }}
resources:
  {{- toYaml $service.resources | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with include "demo.authorityMount" .root }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  {{- with $service.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
