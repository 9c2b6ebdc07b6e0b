{{- define "demo.migrationSpec" -}}
backoffLimit: {{ int .Values.migration.backoffLimit }}
template:
  metadata:
    labels:
      {{- include "demo.selectorLabels" (dict "root" . "component" "migration") | nindent 6 }}
      database-load-demo/database-client: "true"
    {{- with .Values.migration.annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    {{- include "demo.podBasics" (dict "root" . "user" .Values.runAsUser) | nindent 4 }}
    restartPolicy: OnFailure
    containers:
      - name: migration
        {{- include "demo.applicationImage" . | nindent 8 }}
        args:
          - dist/database-setup.js
        env:
          {{- include "demo.environment" (include "demo.setUpEnvironment" . | fromYaml) | trim | nindent 10 }}
        resources:
          {{- toYaml .Values.migration.resources | nindent 10 }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
          {{- with include "demo.authorityMount" . }}
          {{- . | trim | nindent 10 }}
          {{- end }}
    volumes:
      - name: tmp
        emptyDir:
          sizeLimit: 16Mi
      {{- with include "demo.authorityVolume" . }}
      {{- . | trim | nindent 6 }}
      {{- end }}
{{- end }}
