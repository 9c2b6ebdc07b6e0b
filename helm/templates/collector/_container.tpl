{{- define "demo.collectorContainer" -}}
{{- $collector := .Values.telemetry.collector -}}
image: "{{ $collector.image.repository }}:{{ $collector.image.tag }}"
imagePullPolicy: {{ $collector.image.pullPolicy }}
securityContext:
  {{- include "demo.containerSecurity" . | nindent 2 }}
args:
  - --config=/etc/collector/collector.yaml
ports:
  - name: otlp-http
    containerPort: 4318
    protocol: TCP
  - name: health
    containerPort: 13133
    protocol: TCP
env:
  - name: CORALOGIX_PRIVATE_KEY
    valueFrom:
      secretKeyRef:
        name: {{ .Values.telemetry.coralogix.existingSecret }}
        key: {{ .Values.telemetry.coralogix.secretKey }}
startupProbe:
  httpGet:
    path: /
    port: health
  periodSeconds: 2
  failureThreshold: 30
livenessProbe:
  tcpSocket:
    port: health
  periodSeconds: 10
readinessProbe:
  httpGet:
    path: /
    port: health
  periodSeconds: 5
resources:
  {{- toYaml $collector.resources | nindent 2 }}
volumeMounts:
  - name: configuration
    mountPath: /etc/collector
    readOnly: true
{{- end }}
