{{- define "echod.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "echod.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "echod.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "echod.selectorLabels" -}}
app.kubernetes.io/name: {{ include "echod.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "echod.labels" -}}
{{ include "echod.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "echod.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "echod.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "echod.secretName" -}}
{{- default (printf "%s-admin" (include "echod.fullname" .)) .Values.admin.existingSecret -}}
{{- end -}}

{{- define "echod.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{- define "echod.adminPort" -}}
{{- .Values.config.server.port -}}
{{- end -}}

{{/* The enabled listeners, by name. */}}
{{- define "echod.listeners" -}}
{{- $listeners := dict -}}
{{- range $name, $listener := .Values.config.echod.listeners -}}
{{- if ne (toString (dig "enabled" true $listener)) "false" -}}
{{- $_ := set $listeners $name $listener -}}
{{- end -}}
{{- end -}}
{{- $listeners | toYaml -}}
{{- end -}}

{{/* Seconds, rounded up, of a time as the application writes it: 500ms, 5s, 1m, 1h. */}}
{{- define "echod.seconds" -}}
{{- $text := toString . -}}
{{- if not (regexMatch "^[0-9]+(ms|s|m|h)$" $text) -}}
{{- fail (printf "'%s' is no time such as 500ms, 5s, 1m or 1h" $text) -}}
{{- end -}}
{{- $number := int64 (regexFind "^[0-9]+" $text) -}}
{{- if hasSuffix "ms" $text -}}{{ div (add $number 999) 1000 }}
{{- else if hasSuffix "s" $text -}}{{ $number }}
{{- else if hasSuffix "m" $text -}}{{ mul $number 60 }}
{{- else -}}{{ mul $number 3600 }}
{{- end -}}
{{- end -}}

{{/* The drain's announcement and deadline, and ten seconds to start and end. */}}
{{- define "echod.terminationGracePeriodSeconds" -}}
{{- $drain := default dict .Values.config.echod.drain -}}
{{- add (include "echod.seconds" (dig "announce" "0s" $drain)) (include "echod.seconds" (dig "deadline" "30s" $drain)) 10 -}}
{{- end -}}
