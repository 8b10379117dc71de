{{/* All objects are found by these; selectors are a part of them, and must never change. */}}
{{- define "oneflow.labels" -}}
app.kubernetes.io/name: oneflow-operator
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: oneflow
{{- end }}

{{- define "oneflow.selector" -}}
app.kubernetes.io/name: oneflow-operator
{{- end }}

{{/* An image by digest, or by tag: a list of the image's values and the tag that it has by default. */}}
{{- define "oneflow.image" -}}
{{- $image := first . -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default (last .) }}
{{- end -}}
{{- end }}

{{/* One operator leads in a cluster, its cluster-wide objects have fixed names, and so has the Service that pods find it by. */}}
{{- define "oneflow.name" -}}
oneflow-operator
{{- end }}
