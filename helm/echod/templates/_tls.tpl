{{/* http or https: how the admin API is asked. */}}
{{- define "echod.adminScheme" -}}
{{- $ssl := default dict .Values.config.server.ssl -}}
{{- if and $ssl (eq (get $ssl "client-auth") "need") -}}
{{- fail "config.server.ssl.client-auth need keeps out the kubelet, whose probes have no certificate: want asks who has one" -}}
{{- end -}}
{{- ternary "https" "http" (not (empty $ssl)) -}}
{{- end -}}

{{/* The folder of a certificate's files, of a list: its name, and what the files are: certificate or trust. */}}
{{- define "echod.certificateFolder" -}}
{{- printf "/etc/certificates/%s/%s" (first .) (last .) -}}
{{- end -}}

{{/* The secret with a certificate's tls.crt and tls.key, of a list: the root, its name, its values. Empty for trust alone. */}}
{{- define "echod.certificateSecret" -}}
{{- $name := index . 1 -}}
{{- $certificate := last . -}}
{{- if and $certificate.existingSecret $certificate.issuerRef -}}
{{- fail (printf "certificates.%s has existingSecret and issuerRef: a certificate comes from one of them" $name) -}}
{{- end -}}
{{- if not (or $certificate.existingSecret $certificate.issuerRef $certificate.trustSecret) -}}
{{- fail (printf "certificates.%s needs existingSecret, the name of a secret with tls.crt and tls.key, or issuerRef, of cert-manager; a client needs trustSecret alone" $name) -}}
{{- end -}}
{{- if and $certificate.dnsNames (not $certificate.issuerRef) -}}
{{- fail (printf "certificates.%s.dnsNames is for issuerRef: the certificate of a secret has its names" $name) -}}
{{- end -}}
{{- if $certificate.issuerRef -}}
{{- printf "%s-%s-tls" (include "echod.fullname" (first .)) $name -}}
{{- else -}}
{{- default "" $certificate.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The bundles that the certificates are to the application, as spring.ssl.bundle.pem has them. */}}
{{- define "echod.certificateBundles" -}}
{{- $bundles := dict -}}
{{- range $name, $certificate := .Values.certificates -}}
{{- $folder := include "echod.certificateFolder" (list $name "certificate") -}}
{{- $keys := dict "certificate" (printf "%s/tls.crt" $folder) "private-key" (printf "%s/tls.key" $folder) -}}
{{- $bundle := dict "reload-on-update" true -}}
{{- if include "echod.certificateSecret" (list $ $name $certificate) -}}
{{- $_ := set $bundle "keystore" $keys -}}
{{- end -}}
{{- if $certificate.trustSecret -}}
{{- $trust := printf "%s/ca.crt" (include "echod.certificateFolder" (list $name "trust")) -}}
{{- $_ := set $bundle "truststore" (dict "certificate" $trust) -}}
{{- end -}}
{{- $_ := set $bundles $name $bundle -}}
{{- end -}}
{{- toYaml $bundles -}}
{{- end -}}

{{/* Refuses the name of a bundle that there is not, of a list: the root, the property, the name, whether clients are asked. */}}
{{- define "echod.checkBundle" -}}
{{- $root := first . -}}
{{- $property := index . 1 -}}
{{- $name := index . 2 -}}
{{- $given := dig "ssl" "bundle" dict (default dict $root.Values.config.spring) -}}
{{- $certificates := default dict $root.Values.certificates -}}
{{- $known := concat (keys $certificates) (keys (default dict $given.pem)) (keys (default dict $given.jks)) -}}
{{- if and $name (not (has $name $known)) -}}
{{- fail (printf "%s is '%s', which is neither in certificates nor in config.spring.ssl.bundle: %s" $property $name ($known | sortAlpha | join ", " | default "there is none")) -}}
{{- end -}}
{{- $isServer := not (hasSuffix ".relay.tls.bundle" $property) -}}
{{- if and $name $isServer (hasKey $certificates $name) -}}
{{- if not (include "echod.certificateSecret" (list $root $name (get $certificates $name))) -}}
{{- fail (printf "%s is '%s', but certificates.%s has trustSecret alone, and no certificate: existingSecret or issuerRef brings one" $property $name $name) -}}
{{- end -}}
{{- end -}}
{{- if and $name (last .) (hasKey $certificates $name) -}}
{{- if not (get $certificates $name).trustSecret -}}
{{- fail (printf "%s is '%s', and clients are asked for a certificate: certificates.%s.trustSecret is to name the secret whose ca.crt they are of" $property $name $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Refuses bundles that there are not, and those that are there twice. */}}
{{- define "echod.checkBundles" -}}
{{- $given := dig "ssl" "bundle" dict (default dict .Values.config.spring) -}}
{{- range $name, $_ := .Values.certificates -}}
{{- if or (hasKey (default dict $given.pem) $name) (hasKey (default dict $given.jks) $name) -}}
{{- fail (printf "the bundle '%s' is in certificates and in config.spring.ssl.bundle: it comes from one of them" $name) -}}
{{- end -}}
{{- end -}}
{{- $asking := list "want" "need" -}}
{{- with .Values.config.server.ssl -}}
{{- include "echod.checkBundle" (list $ "config.server.ssl.bundle" .bundle (has (get . "client-auth") $asking)) -}}
{{- end -}}
{{- range $name, $listener := include "echod.listeners" . | fromYaml -}}
{{- $tls := default dict $listener.tls -}}
{{- $asks := has (get $tls "client-auth") $asking -}}
{{- $place := printf "config.echod.listeners.%s" $name -}}
{{- include "echod.checkBundle" (list $ (printf "%s.tls.bundle" $place) $tls.bundle $asks) -}}
{{- range $host, $bundle := default dict (get $tls "server-names") -}}
{{- include "echod.checkBundle" (list $ (printf "%s.tls.server-names.%s" $place $host) $bundle false) -}}
{{- end -}}
{{- include "echod.checkBundle" (list $ (printf "%s.relay.tls.bundle" $place) (dig "relay" "tls" "bundle" "" $listener) false) -}}
{{- end -}}
{{- end -}}

{{/* What the application is configured with: config, and the certificates as its bundles. */}}
{{- define "echod.configuration" -}}
{{- include "echod.checkBundles" . -}}
{{- $config := deepCopy .Values.config -}}
{{- if .Values.certificates -}}
{{- $bundles := include "echod.certificateBundles" . | fromYaml -}}
{{- $config = merge $config (dict "spring" (dict "ssl" (dict "bundle" (dict "pem" $bundles)))) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Whole secrets, and never a file of one (subPath): that would stay as it is when the secret changes. */}}
{{- define "echod.certificateMounts" -}}
{{- range $name, $certificate := .Values.certificates }}
{{- if include "echod.certificateSecret" (list $ $name $certificate) }}
- name: certificate-{{ $name }}
  mountPath: {{ include "echod.certificateFolder" (list $name "certificate") }}
  readOnly: true
{{- end }}
{{- if $certificate.trustSecret }}
- name: trust-{{ $name }}
  mountPath: {{ include "echod.certificateFolder" (list $name "trust") }}
  readOnly: true
{{- end }}
{{- end }}
{{- end -}}

{{- define "echod.certificateVolumes" -}}
{{- range $name, $certificate := .Values.certificates }}
{{- with include "echod.certificateSecret" (list $ $name $certificate) }}
- name: certificate-{{ $name }}
  secret:
    secretName: {{ . | quote }}
{{- end }}
{{- with $certificate.trustSecret }}
- name: trust-{{ $name }}
  secret:
    secretName: {{ . | quote }}
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{/* How the kubelet asks for the state of health. */}}
{{- define "echod.probe" -}}
path: /actuator/health/{{ last . }}
port: admin
{{- if eq (include "echod.adminScheme" (first .)) "https" }}
scheme: HTTPS
{{- end }}
{{- end -}}
