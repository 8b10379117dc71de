package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/api/v1/resource"
	"k8s.io/kubernetes/pkg/fieldpath"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// variables of a container: how to find the API server, what its spec says, and what the node adds where it says
// nothing.
func (c *container) variables(ctx context.Context) ([]string, error) {
	host, port := c.pod.node.apiHostAndPort()
	set := map[string]string{
		"HOSTNAME":                c.pod.spec.Name,
		"KUBERNETES_SERVICE_HOST": host,
		"KUBERNETES_SERVICE_PORT": port,
	}
	if len(c.spec.EnvFrom) > 0 {
		return nil, fmt.Errorf("this node knows env and not envFrom")
	}
	for i := range c.spec.Env {
		variable := &c.spec.Env[i]
		value, err := c.value(ctx, variable, set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", variable.Name, err)
		}
		set[variable.Name] = value
	}
	own := map[string]string{
		"POD_ADDRESS":  c.pod.address,
		"MEMORY_LIMIT": fmt.Sprint(c.spec.Resources.Limits.Memory().Value()),
	}
	for _, variable := range c.pod.node.environment {
		if _, found := set[variable.Name]; !found {
			set[variable.Name] = expansion.Expand(variable.Value, expansion.MappingFuncFor(own))
		}
	}
	var lines []string
	for name, value := range set {
		lines = append(lines, name+"="+value)
	}
	slices.Sort(lines)
	return lines, nil
}

func (c *container) value(ctx context.Context, variable *corev1.EnvVar, before map[string]string) (string, error) {
	source := variable.ValueFrom
	core := c.pod.node.client.CoreV1()
	switch {
	case source == nil:
		return expansion.Expand(variable.Value, expansion.MappingFuncFor(before)), nil
	case source.FieldRef != nil:
		return field(c.pod.spec, c.pod.ip, source.FieldRef)
	case source.ResourceFieldRef != nil:
		return resource.ExtractContainerResourceValue(source.ResourceFieldRef, c.spec)
	case source.SecretKeyRef != nil:
		secret, err := core.Secrets(c.pod.spec.Namespace).Get(ctx, source.SecretKeyRef.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		value, found := secret.Data[source.SecretKeyRef.Key]
		return string(value), unlessFound(found, source.SecretKeyRef.Key)
	case source.ConfigMapKeyRef != nil:
		configMap, err := core.ConfigMaps(c.pod.spec.Namespace).Get(ctx, source.ConfigMapKeyRef.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		value, found := configMap.Data[source.ConfigMapKeyRef.Key]
		return value, unlessFound(found, source.ConfigMapKeyRef.Key)
	}
	return "", fmt.Errorf("a source that this node does not know")
}

func unlessFound(found bool, key string) error {
	if found {
		return nil
	}
	return fmt.Errorf("there is no key %s", key)
}

// field is one of a Pod's own, those that only its node knows among them.
func field(pod *corev1.Pod, ip string, source *corev1.ObjectFieldSelector) (string, error) {
	switch source.FieldPath {
	case "status.podIP", "status.podIPs":
		return ip, nil
	case "status.hostIP", "status.hostIPs":
		return hostIP, nil
	case "spec.nodeName":
		return pod.Spec.NodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	}
	if strings.HasPrefix(source.FieldPath, "metadata.") {
		return fieldpath.ExtractFieldPathAsString(pod, source.FieldPath)
	}
	return "", fmt.Errorf("a field that this node does not know: %s", source.FieldPath)
}
