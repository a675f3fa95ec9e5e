{{- define "echod.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "echod.fullname" -}}
{{- $name := include "echod.anyFullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- fail (printf "'%s' is no name of a service: fullnameOverride takes lower-case letters, digits and '-', a letter first" $name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "echod.anyFullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "echod.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "echod.selectorLabels" -}}
app.kubernetes.io/name: {{ include "echod.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "echod.labels" -}}
{{ include "echod.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Where this is a part of another chart, they are that one's. */}}
{{- define "echod.checkGlobal" -}}
{{- if and .Chart.IsRoot .Values.global -}}
{{- fail (printf "there is no value global.%s: the chart has no global ones" (keys .Values.global | sortAlpha | first)) -}}
{{- end -}}
{{- end -}}

{{/* Labels besides the chart's own, of a list: the root, the name of the value, the labels. Empty where there are none. */}}
{{- define "echod.extraLabels" -}}
{{- $own := include "echod.labels" (first .) | fromYaml -}}
{{- $value := index . 1 -}}
{{- range $name, $_ := last . -}}
{{- if hasKey $own $name -}}
{{- fail (printf "%s has '%s', which is the chart's own" $value $name) -}}
{{- end -}}
{{- end -}}
{{- with last . -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Of the pods of helm test, which no service selects. */}}
{{- define "echod.testLabels" -}}
app.kubernetes.io/name: {{ include "echod.name" . }}-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
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
{{- with .Values.image -}}
{{- if and .tag .digest -}}
{{- fail "image.digest takes the place of image.tag, which is to be empty" -}}
{{- end -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The viewer's name; empty where there is none. */}}
{{- define "echod.viewer" -}}
{{- dig "admin" "viewer" "name" "" .Values.config.echod -}}
{{- end -}}

{{- define "echod.adminPort" -}}
{{- .Values.config.server.port -}}
{{- end -}}

{{/* Selects this release's series, as the operator's Prometheus labels them. */}}
{{- define "echod.series" -}}
namespace="{{ .Release.Namespace }}", job="{{ include "echod.fullname" . }}-admin"
{{- end -}}

{{/* The enabled listeners, by name. No two have the same port. */}}
{{- define "echod.listeners" -}}
{{- if not (hasKey .Values.config.echod.listeners "echo") -}}
{{- fail "the application has a listener 'echo' of its own: set config.echod.listeners.echo.enabled to false instead of removing it" -}}
{{- end -}}
{{- $listeners := dict -}}
{{- $names := dict (include "echod.adminPort" .) "the admin API" -}}
{{- range $name, $listener := .Values.config.echod.listeners -}}
{{- if dig "enabled" true $listener -}}
{{- $port := dig "port" 8080 $listener | toString -}}
{{- if hasKey $names $port -}}
{{- fail (printf "port %s of listener '%s' is taken by %s" $port $name (get $names $port)) -}}
{{- end -}}
{{- $_ := set $names $port (printf "listener '%s'" $name) -}}
{{- $_ := set $listeners $name $listener -}}
{{- end -}}
{{- end -}}
{{- if not $listeners -}}
{{- fail "no listener is enabled under config.echod.listeners" -}}
{{- end -}}
{{- $listeners | toYaml -}}
{{- end -}}

{{/* Whether a listener serves proxies alone, that send a PROXY header; empty where it does not. */}}
{{- define "echod.requiresProxy" -}}
{{- if eq (dig "proxy-protocol" "mode" "off" . | toString) "required" -}}
true
{{- end -}}
{{- end -}}

{{/* An address, or a range of them, as a range. */}}
{{- define "echod.cidr" -}}
{{- if contains "/" . -}}
{{- . -}}
{{- else -}}
{{- printf "%s/%d" . (ternary 128 32 (contains ":" .)) -}}
{{- end -}}
{{- end -}}

{{/* Refuses names that are no enabled listener, of a list: the root, the name of the value, a map by listener. */}}
{{- define "echod.checkListeners" -}}
{{- $listeners := include "echod.listeners" (first .) | fromYaml -}}
{{- $value := index . 1 -}}
{{- range $name, $_ := last . -}}
{{- if not (hasKey $listeners $name) -}}
{{- fail (printf "%s has '%s', which is no enabled listener: %s" $value $name (keys $listeners | sortAlpha | join ", ")) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Milliseconds of a time as the application and Prometheus write it: 500ms, 5s, 1m, 1h. A day at most. */}}
{{- define "echod.milliseconds" -}}
{{- $text := toString . -}}
{{- if not (regexMatch "^[0-9]+(ms|s|m|h)$" $text) -}}
{{- fail (printf "'%s' is no time such as 500ms, 5s, 1m or 1h" $text) -}}
{{- end -}}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 -}}
{{- $milliseconds := mul (regexFind "^[0-9]+" $text) (get $units (regexFind "[a-z]+$" $text)) -}}
{{- if gt $milliseconds 86400000 -}}
{{- fail (printf "'%s' is longer than a day" $text) -}}
{{- end -}}
{{- $milliseconds -}}
{{- end -}}

{{/* The same in seconds, rounded up. */}}
{{- define "echod.seconds" -}}
{{- div (add (include "echod.milliseconds" .) 999) 1000 -}}
{{- end -}}

{{/* The drain's announcement and deadline, and ten seconds to start and end. */}}
{{- define "echod.terminationGracePeriodSeconds" -}}
{{- $drain := default dict .Values.config.echod.drain -}}
{{- $needed := add (include "echod.seconds" (dig "announce" "0s" $drain)) (include "echod.seconds" (dig "deadline" "30s" $drain)) 10 -}}
{{- $given := .Values.terminationGracePeriodSeconds -}}
{{- if kindIs "invalid" $given -}}
{{- $needed -}}
{{- else if lt (int64 $given) $needed -}}
{{- fail (printf "terminationGracePeriodSeconds is %v, but a drain may take %d: its announce, its deadline, and 10 to start and end" $given $needed) -}}
{{- else -}}
{{- $given -}}
{{- end -}}
{{- end -}}
