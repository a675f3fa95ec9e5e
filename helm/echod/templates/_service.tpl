{{/* The service's port of each enabled listener, by name: port, targetPort and, where it was chosen, nodePort. */}}
{{- define "echod.servicePorts" -}}
{{- include "echod.checkListeners" (list . "service.ports" .Values.service.ports) -}}
{{- $ports := dict -}}
{{- $names := dict -}}
{{- range $name, $listener := include "echod.listeners" . | fromYaml -}}
{{- $target := dig "port" 8080 $listener -}}
{{- $port := merge (dict "targetPort" $target) (get $.Values.service.ports $name | default dict) (dict "port" $target) -}}
{{- range $key, $number := omit $port "targetPort" -}}
{{- $taken := printf "%s %v" $key $number -}}
{{- if hasKey $names $taken -}}
{{- fail (printf "%s of listener '%s' at the service is taken by listener '%s'" $taken $name (get $names $taken)) -}}
{{- end -}}
{{- $_ := set $names $taken $name -}}
{{- end -}}
{{- if and (hasKey $port "nodePort") (eq $.Values.service.type "ClusterIP") -}}
{{- fail (printf "service.ports.%s.nodePort is for service.type NodePort or LoadBalancer, not ClusterIP" $name) -}}
{{- end -}}
{{- $_ := set $ports $name $port -}}
{{- end -}}
{{- toYaml $ports -}}
{{- end -}}

{{/* What does not go with the service's type, or with where the listeners are bound. */}}
{{- define "echod.checkService" -}}
{{- $service := .Values.service -}}
{{- $types := dict "externalTrafficPolicy" "NodePort or LoadBalancer" "loadBalancerClass" "LoadBalancer" "loadBalancerSourceRanges" "LoadBalancer" -}}
{{- range $name, $type := $types -}}
{{- if and (get $service $name) (not (contains $service.type $type)) -}}
{{- fail (printf "service.%s is for service.type %s, not %s" $name $type $service.type) -}}
{{- end -}}
{{- end -}}
{{- if and $service.sessionAffinityTimeoutSeconds (ne $service.sessionAffinity "ClientIP") -}}
{{- fail (printf "service.sessionAffinityTimeoutSeconds is for service.sessionAffinity ClientIP, not %s" $service.sessionAffinity) -}}
{{- end -}}
{{- if and (gt (len (default list $service.ipFamilies)) 1) (not (hasSuffix "DualStack" $service.ipFamilyPolicy)) -}}
{{- fail "two service.ipFamilies need service.ipFamilyPolicy PreferDualStack or RequireDualStack; an empty one is SingleStack" -}}
{{- end -}}
{{- if or (has "IPv6" (default list $service.ipFamilies)) (hasSuffix "DualStack" $service.ipFamilyPolicy) -}}
{{- range $name, $listener := include "echod.listeners" . | fromYaml -}}
{{- $address := dig "address" "0.0.0.0" $listener -}}
{{- if regexMatch "^[0-9.]+$" $address -}}
{{- fail (printf "the service is to have IPv6, but listener '%s' is bound to %s, which is IPv4 alone: set config.echod.listeners.%s.address to '::'" $name $address $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The address families of the services that clients use; empty: as the cluster has them. */}}
{{- define "echod.ipFamilies" -}}
{{- $families := dict -}}
{{- range $key := list "ipFamilyPolicy" "ipFamilies" -}}
{{- with get $.Values.service $key -}}
{{- $_ := set $families $key . -}}
{{- end -}}
{{- end -}}
{{- with $families -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
