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

{{/*
Refuses a variable of the environment for a property that the chart's objects follow from. Spring takes its name in
upper and lower case, with dots as well as with underscores.
*/}}
{{- define "echod.checkVariable" -}}
{{- $name := upper . | replace "." "_" -}}
{{- $ours := "^ECHOD_(LISTENERS_.+_(ADDRESS|ENABLED|PORT|TLS_.+|PROXY[-_]?PROTOCOL_.+)|DRAIN_(ANNOUNCE|DEADLINE)|ADMIN_VIEWER_NAME)$" -}}
{{- if or (regexMatch $ours $name) (regexMatch "^SERVER_(ADDRESS|PORT|SSL_.+)$" $name) -}}
{{- if not (regexMatch "^ECHOD_LISTENERS_.+_RELAY_(PORT|TLS_.+)$" $name) -}}
{{- fail (printf "extraEnv has '%s', which services, probes, the secret and the grace period would not follow: it belongs to config" .) -}}
{{- end -}}
{{- end -}}
{{- $paths := "MANAGEMENT_ENDPOINTS_WEB_(BASE[-_]?PATH|PATH[-_]?MAPPING_.+)|SPRING_WEBFLUX_BASE[-_]?PATH" -}}
{{- if regexMatch (printf "^(MANAGEMENT_SERVER_.+|%s)$" $paths) $name -}}
{{- fail (printf "extraEnv has '%s', but probes and monitors ask the admin API at its own port, at /actuator" .) -}}
{{- end -}}
{{- end -}}

{{/* What does not go with the pod as the chart makes it. */}}
{{- define "echod.checkPod" -}}
{{- with .Values -}}
{{- $variables := list "SPRING_CONFIG_ADDITIONAL_LOCATION" "ECHOD_ADMIN_OPERATOR_PASSWORD" "ECHOD_ADMIN_VIEWER_PASSWORD" -}}
{{- include "echod.checkNames" (dict "value" "extraEnv" "items" .extraEnv "key" "name" "own" $variables) -}}
{{- range .extraEnv -}}
{{- include "echod.checkVariable" .name -}}
{{- end -}}
{{- $volumes := list "config" "tmp" -}}
{{- range $name, $_ := .certificates -}}
{{- $volumes = append $volumes (printf "certificate-%s" $name) -}}
{{- $volumes = append $volumes (printf "trust-%s" $name) -}}
{{- end -}}
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
{{- if has $path (list "/" "/etc") -}}
{{- fail (printf "extraVolumeMounts has '%s', which would cover the chart's own /etc/echod" $path) -}}
{{- end -}}
{{- range list "/etc/echod" "/etc/certificates" -}}
{{- $path = hasPrefix (printf "%s/" .) $path | ternary . $path -}}
{{- end -}}
{{- $paths = append $paths (dict "path" $path) -}}
{{- end -}}
{{- include "echod.checkNames" (dict "value" "extraVolumeMounts" "items" $paths "key" "path" "own" (list "/etc/echod" "/etc/certificates" "/tmp")) -}}
{{- if and .hostNetwork (eq .dnsPolicy "ClusterFirst") -}}
{{- fail "dnsPolicy ClusterFirst does not hold on the host's network: ClusterFirstWithHostNet does, which is what an empty one is there" -}}
{{- end -}}
{{- if and (eq .dnsPolicy "None") (not (default dict .dnsConfig).nameservers) -}}
{{- fail "dnsPolicy None needs dnsConfig.nameservers" -}}
{{- end -}}
{{- range list "checksum/admin" "checksum/config" -}}
{{- if hasKey (default dict $.Values.podAnnotations) . -}}
{{- fail (printf "podAnnotations has '%s', which is the chart's own: changes of the configuration would not roll the pods" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "echod.strategy" -}}
{{- with .Values.strategy -}}
type: {{ .type }}
{{- if eq .type "RollingUpdate" }}
{{- $none := list "0" "0%" }}
{{- $update := required "strategy.type RollingUpdate needs strategy.rollingUpdate" .rollingUpdate }}
{{- if and (has (toString $update.maxUnavailable) $none) (has (toString $update.maxSurge) $none) }}
{{- fail "strategy.rollingUpdate changes no pod: maxUnavailable or maxSurge is to be more than 0" }}
{{- end }}
rollingUpdate: {{- toYaml $update | nindent 2 }}
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
