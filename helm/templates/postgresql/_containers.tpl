{{- define "demo.postgresqlContainer" -}}
{{- $postgresql := .Values.postgresql -}}
image: "{{ $postgresql.image.repository }}:{{ $postgresql.image.tag }}"
imagePullPolicy: {{ $postgresql.image.pullPolicy }}
securityContext:
  {{- include "demo.containerSecurity" . | nindent 2 }}
args:
  - -c
  - max_connections={{ int $postgresql.maxConnections }}
  - -c
  - superuser_reserved_connections={{ int $postgresql.superuserReservedConnections }}
  - -c
  - reserved_connections={{ int $postgresql.reservedConnections }}
  {{- range $name, $value := $postgresql.settings }}
  - -c
  - {{ printf "%s=%v" $name $value | quote }}
  {{- end }}
ports:
  - name: postgresql
    containerPort: 5432
    protocol: TCP
env:
  - name: POSTGRES_USER
    value: postgres
  - name: POSTGRES_PASSWORD
    {{- include "demo.databasePassword" (dict "root" . "key" .Values.database.secretKeys.adminPassword) | nindent 4 }}
# pg_isready asks whether the server accepts connections and takes none: it says yes when all are taken. Over TCP,
# because while the image initializes itself PostgreSQL listens on its socket only.
startupProbe:
  exec:
    command: [pg_isready, -h, 127.0.0.1, -U, postgres]
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 90
livenessProbe:
  exec:
    command: [pg_isready, -h, 127.0.0.1, -U, postgres]
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  exec:
    command: [pg_isready, -h, 127.0.0.1, -U, postgres]
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
resources:
  {{- toYaml $postgresql.resources | nindent 2 }}
volumeMounts:
  # The parent of the data folder: PostgreSQL 18's image keeps a folder per major version in it.
  - name: data
    mountPath: /var/lib/postgresql
  - name: run
    mountPath: /var/run/postgresql
  - name: tmp
    mountPath: /tmp
{{- end }}

{{/* Sets the database up each time this pod begins with an empty volume, then waits for the end of the pod. */}}
{{- define "demo.repeatedMigration" -}}
{{ include "demo.applicationImage" . }}
args:
  - -e
  - |
    {{- .Files.Get "files/set-up-and-wait.js" | nindent 4 }}
ports:
  - name: set-up
    containerPort: 5480
    protocol: TCP
env:
  {{- $environment := include "demo.setUpEnvironment" . | fromYaml }}
  {{- include "demo.environment" (merge (dict "DB_HOST" "127.0.0.1" "PORT" "5480") $environment) | trim | nindent 2 }}
startupProbe:
  httpGet:
    path: /done
    port: set-up
  periodSeconds: 2
  failureThreshold: 180
livenessProbe:
  httpGet:
    path: /live
    port: set-up
  periodSeconds: 30
  timeoutSeconds: 5
readinessProbe:
  httpGet:
    path: /done
    port: set-up
  periodSeconds: 30
  timeoutSeconds: 5
resources:
  {{- toYaml .Values.migration.resources | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}
