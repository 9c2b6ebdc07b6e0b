{{/* What every pod of the chart has. Takes (dict "root" $ "user" …); a null user is left to the platform. */}}
{{- define "demo.podBasics" -}}
serviceAccountName: {{ include "demo.serviceAccountName" .root }}
automountServiceAccountToken: false
# Else a Service with an unlucky name puts variables such as DB_PORT=tcp://… into the containers.
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- if not (kindIs "invalid" .user) }}
  runAsUser: {{ int64 .user }}
  runAsGroup: {{ int64 .user }}
  fsGroup: {{ int64 .user }}
  {{- end }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{- define "demo.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* Where a pod may run. Takes a map with nodeSelector, tolerations, affinity. */}}
{{- define "demo.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* A container of the application's image. Takes the root. */}}
{{- define "demo.applicationImage" -}}
image: {{ include "demo.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- include "demo.containerSecurity" . | nindent 2 }}
{{- end }}
