{{/* A pod that plays the scenario once, as anybody would: through the services and the console. */}}
{{- define "demo.scenarioPod" -}}
{{- include "demo.podBasics" (dict "root" . "user" .Values.runAsUser) }}
restartPolicy: Never
containers:
  - name: scenario
    {{- include "demo.applicationImage" . | nindent 4 }}
    args:
      - dist/scenario.js
      - {{ .Values.scenario.name | quote }}
      {{- if not (kindIs "invalid" .Values.scenario.seed) }}
      - --seed={{ int64 .Values.scenario.seed }}
      {{- end }}
      - --wait=180s
      - --runs=/runs
      - --console=http://{{ include "demo.fullname" . }}-console:{{ int .Values.console.port }}
      {{- range $name, $service := include "demo.services" . | fromYaml }}
      {{- if has $name (list "product-service" "inventory-service" "order-service") }}
      - --{{ trimSuffix "-service" $name }}={{ include "demo.consoleTarget" (dict "root" $ "name" $name "service" $service) }}
      {{- end }}
      {{- end }}
    env:
      {{- include "demo.environment" (include "demo.scenarioEnvironment" . | fromYaml) | trim | nindent 6 }}
    resources:
      requests:
        cpu: 100m
        memory: 96Mi
      limits:
        memory: 256Mi
    volumeMounts:
      - name: runs
        mountPath: /runs
volumes:
  {{- include "demo.runsVolume" . | nindent 2 }}
{{- end }}

{{/* A map of variables, as YAML. */}}
{{- define "demo.scenarioEnvironment" -}}
NODE_ENV: production
{{- include "demo.chaosToken" . | nindent 0 }}
{{- end }}

{{/* Where runs of scenarios and their reports are kept: the console shows those of its own volume. */}}
{{- define "demo.runsVolume" -}}
- name: runs
  {{- if .Values.scenario.existingClaim }}
  persistentVolumeClaim:
    claimName: {{ .Values.scenario.existingClaim }}
  {{- else }}
  emptyDir:
    sizeLimit: 512Mi
  {{- end }}
{{- end }}

{{- define "demo.validateScenario" -}}
{{- if .Values.scenario.name -}}
{{- if not .Values.console.enabled -}}
{{- fail (printf "scenario.name is %q, and a scenario sees what happens through the console: set console.enabled=true, or leave scenario.name empty" .Values.scenario.name) -}}
{{- end -}}
{{- if not .Values.chaos.enabled -}}
{{- fail (printf "scenario.name is %q, but chaos.enabled is false, and it could switch nothing on: set chaos.enabled=true, or leave scenario.name empty" .Values.scenario.name) -}}
{{- end -}}
{{- end -}}
{{- end }}
