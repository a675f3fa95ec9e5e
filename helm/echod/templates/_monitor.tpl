{{/* How the meters are scraped, of a list: the root, the name of the monitor's values, relabelings of the chart's own. */}}
{{- define "echod.scrape" -}}
{{- $root := first . -}}
{{- $name := index . 1 -}}
{{- $monitor := get $root.Values $name -}}
{{- if and $root.Values.networkPolicy.enabled (not $root.Values.networkPolicy.adminFrom) -}}
{{- fail (printf "%s needs Prometheus to reach the admin API: networkPolicy.adminFrom is to name it" $name) -}}
{{- end -}}
{{- $secure := eq (include "echod.adminScheme" $root) "https" -}}
{{- if and $secure (not $monitor.tlsConfig) -}}
{{- fail (printf "%s.tlsConfig is to say how Prometheus verifies the admin API's certificate, such as {ca: {secret: {name: …, key: ca.crt}}, serverName: …}, or that it does not: {insecureSkipVerify: true}" $name) -}}
{{- end -}}
{{- if and $monitor.tlsConfig (not $secure) -}}
{{- fail (printf "%s.tlsConfig is for an admin API with TLS: config.server.ssl is not set" $name) -}}
{{- end -}}
port: admin
path: /actuator/prometheus
{{- if $secure }}
scheme: https
tlsConfig: {{- toYaml $monitor.tlsConfig | nindent 2 }}
{{- end }}
{{- if and $root.Values.prometheusRule.enabled (gt (include "echod.milliseconds" $monitor.interval | int64) 60000) }}
{{- fail (printf "%s.interval is %s, and may not be longer than 1m where prometheusRule is enabled: its alerts look at five minutes" $name $monitor.interval) }}
{{- end }}
interval: {{ $monitor.interval }}
{{- with $monitor.scrapeTimeout }}
{{- if gt (include "echod.milliseconds" . | int64) (include "echod.milliseconds" $monitor.interval | int64) }}
{{- fail (printf "%s.scrapeTimeout is %s, and may not be longer than its interval, which is %s" $name . $monitor.interval) }}
{{- end }}
scrapeTimeout: {{ . }}
{{- end }}
{{- with concat (last .) (default list $monitor.relabelings) }}
relabelings: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $monitor.metricRelabelings }}
metricRelabelings: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
