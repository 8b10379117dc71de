package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// checkSupported refuses what would be left out silently otherwise.
func (p *pod) checkSupported() error {
	spec := p.spec.Spec
	if len(spec.InitContainers) > 0 {
		return fmt.Errorf("this node runs no init containers")
	}
	if spec.HostNetwork || spec.HostPID {
		return fmt.Errorf("this node has no network or processes but its machine's")
	}
	for _, volume := range spec.Volumes {
		source := volume.VolumeSource
		if source.EmptyDir == nil && source.ConfigMap == nil && source.Secret == nil && source.Projected == nil {
			return fmt.Errorf("volume %s: this node has emptyDir, configMap, secret and projected", volume.Name)
		}
	}
	for i := range spec.Containers {
		if err := checkContainer(&spec.Containers[i]); err != nil {
			return fmt.Errorf("container %s: %w", spec.Containers[i].Name, err)
		}
	}
	return nil
}

func checkContainer(container *corev1.Container) error {
	for _, probe := range []*corev1.Probe{container.StartupProbe, container.LivenessProbe, container.ReadinessProbe} {
		if probe != nil && probe.HTTPGet == nil && probe.TCPSocket == nil {
			return fmt.Errorf("this node probes by httpGet and tcpSocket")
		}
	}
	if lifecycle := container.Lifecycle; lifecycle != nil {
		if lifecycle.PostStart != nil || lifecycle.PreStop != nil && lifecycle.PreStop.Sleep == nil {
			return fmt.Errorf("of hooks this node knows preStop.sleep")
		}
	}
	for _, mount := range container.VolumeMounts {
		if mount.SubPath != "" || mount.SubPathExpr != "" {
			return fmt.Errorf("this node mounts volumes as a whole")
		}
	}
	return nil
}
