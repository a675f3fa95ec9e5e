{{/*
Refuses names that the chart has itself or that are there twice, of a dict: value (whose they are), items, key (of the
name in an item), own (the chart's names).
*/}}
{{- define "echod.checkNames" -}}
{{- $seen := dict -}}
{{- range .items -}}
{{- $name := get . $.key -}}
{{- if has $name $.own -}}
{{- fail (printf "%s has '%s', which is the chart's own" $.value $name) -}}
{{- end -}}
{{- if hasKey $seen $name -}}
{{- fail (printf "%s has '%s' twice" $.value $name) -}}
{{- end -}}
{{- $_ := set $seen $name true -}}
{{- end -}}
{{- end -}}

{{/* What does not go with the pod as the chart makes it. */}}
{{- define "echod.checkPod" -}}
{{- with .Values -}}
{{- $variables := list "SPRING_CONFIG_ADDITIONAL_LOCATION" "ECHOD_ADMIN_OPERATOR_PASSWORD" "ECHOD_ADMIN_VIEWER_PASSWORD" -}}
{{- include "echod.checkNames" (dict "value" "extraEnv" "items" .extraEnv "key" "name" "own" $variables) -}}
{{- range .extraEnv -}}
{{- if regexMatch "^(ECHOD_LISTENERS_[^_]+_(ADDRESS|ENABLED|PORT)|ECHOD_DRAIN_(ANNOUNCE|DEADLINE)|(MANAGEMENT_)?SERVER_(ADDRESS|PORT))$" .name -}}
{{- fail (printf "extraEnv has '%s', which services, probes and the grace period would not follow: it belongs to config" .name) -}}
{{- end -}}
{{- end -}}
{{- $volumes := list "config" "tmp" -}}
{{- include "echod.checkNames" (dict "value" "extraVolumes" "items" .extraVolumes "key" "name" "own" $volumes) -}}
{{- $containers := concat (default list .initContainers) (default list .extraContainers) -}}
{{- include "echod.checkNames" (dict "value" "initContainers and extraContainers" "items" $containers "key" "name" "own" (list "echod")) -}}
{{- range .extraVolumes -}}
{{- $volumes = append $volumes .name -}}
{{- end -}}
{{- $paths := list -}}
{{- range .extraVolumeMounts -}}
{{- if not (has .name $volumes) -}}
{{- fail (printf "extraVolumeMounts has '%s', which is not in extraVolumes" .name) -}}
{{- end -}}
{{- $path := clean .mountPath -}}
{{- $paths = append $paths (dict "path" (hasPrefix "/etc/echod/" $path | ternary "/etc/echod" $path)) -}}
{{- end -}}
{{- include "echod.checkNames" (dict "value" "extraVolumeMounts" "items" $paths "key" "path" "own" (list "/etc/echod" "/tmp")) -}}
{{- if and .hostNetwork (eq .dnsPolicy "ClusterFirst") -}}
{{- fail "dnsPolicy ClusterFirst does not hold on the host's network: ClusterFirstWithHostNet does, which is what an empty one is there" -}}
{{- end -}}
{{- if and (eq .dnsPolicy "None") (not .dnsConfig.nameservers) -}}
{{- fail "dnsPolicy None needs dnsConfig.nameservers" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "echod.strategy" -}}
{{- with .Values.strategy -}}
type: {{ .type }}
{{- if eq .type "RollingUpdate" }}
{{- $none := list "0" "0%" }}
{{- if and (has (toString .rollingUpdate.maxUnavailable) $none) (has (toString .rollingUpdate.maxSurge) $none) }}
{{- fail "strategy.rollingUpdate changes no pod: maxUnavailable or maxSurge is to be more than 0" }}
{{- end }}
rollingUpdate: {{- toYaml .rollingUpdate | nindent 2 }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The namespaced ones; the host's network has its own. */}}
{{- define "echod.sysctls" -}}
{{- $sysctls := .Values.podSecurityContext.sysctls | default list -}}
{{- if .Values.hostNetwork -}}
{{- range $sysctls -}}
{{- if hasPrefix "net." .name -}}
{{- fail (printf "podSecurityContext.sysctls has '%s', which cannot be set on the host's network" .name) -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{/* For the ports of echo, discard and http, without a capability. */}}
{{- $ports := dict "name" "net.ipv4.ip_unprivileged_port_start" "value" "0" -}}
{{- $given := false -}}
{{- range $sysctls -}}
{{- $given = or $given (eq .name $ports.name) -}}
{{- end -}}
{{- if not $given -}}
{{- $sysctls = prepend $sysctls $ports -}}
{{- end -}}
{{- end -}}
{{- with $sysctls -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
