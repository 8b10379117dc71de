package main

import (
	"bytes"
	"context"
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// A reporter tells the API server how a Pod does, as it changes.
type reporter struct {
	pod     *pod
	began   metav1.Time
	changed chan struct{}
	since   map[corev1.PodConditionType]corev1.PodCondition
	told    []byte
}

func newReporter(p *pod) *reporter {
	return &reporter{
		pod: p, began: metav1.Now(), changed: make(chan struct{}, 1),
		since: map[corev1.PodConditionType]corev1.PodCondition{},
	}
}

func (r *reporter) notice() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// run returns when ended is closed and all has been told.
func (r *reporter) run(ctx context.Context, ended <-chan struct{}) {
	for {
		select {
		case <-r.changed:
			persist(ctx, func() error { return r.tell(ctx) })
		case <-ended:
			persist(ctx, func() error { return r.tell(ctx) })
			return
		}
	}
}

func (r *reporter) tell(ctx context.Context) error {
	text, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"uid": r.pod.spec.UID},
		"status":   r.status(),
	})
	if err != nil || bytes.Equal(text, r.told) {
		return err
	}
	pods := r.pod.node.client.CoreV1().Pods(r.pod.spec.Namespace)
	_, err = pods.Patch(ctx, r.pod.spec.Name, types.StrategicMergePatchType, text, metav1.PatchOptions{}, "status")
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil // another Pod of its name by now, or none
	}
	if err == nil {
		r.told = text
	}
	return err
}

func (r *reporter) status() corev1.PodStatus {
	r.pod.mutex.Lock()
	problem := r.pod.problem
	r.pod.mutex.Unlock()
	status := corev1.PodStatus{
		Phase: corev1.PodPending, StartTime: &r.began, HostIP: hostIP, HostIPs: []corev1.HostIP{{IP: hostIP}},
		PodIP: r.pod.ip, PodIPs: []corev1.PodIP{{IP: r.pod.ip}},
	}
	ready, running, ended, failed := true, false, true, false
	for _, container := range r.pod.containers {
		its := container.status()
		if its.State.Waiting != nil && problem != "" {
			its.State.Waiting.Message = problem
		}
		ready = ready && its.Ready
		running = running || its.State.Running != nil || its.RestartCount > 0
		ended = ended && its.State.Terminated != nil && !container.isStartedAgain(its.State.Terminated.ExitCode)
		failed = failed || its.State.Terminated != nil && its.State.Terminated.ExitCode != 0
		status.ContainerStatuses = append(status.ContainerStatuses, its)
	}
	switch {
	case ended && failed:
		status.Phase = corev1.PodFailed
	case ended:
		status.Phase = corev1.PodSucceeded
	case running:
		status.Phase = corev1.PodRunning
	}
	status.Conditions = []corev1.PodCondition{
		r.condition(corev1.PodReadyToStartContainers, problem == "", "", problem),
		r.condition(corev1.PodInitialized, true, "", ""),
		r.condition(corev1.ContainersReady, ready, "ContainersNotReady", ""),
		r.condition(corev1.PodReady, ready, "ContainersNotReady", ""),
	}
	return status
}

// condition keeps the time of the last change.
func (r *reporter) condition(kind corev1.PodConditionType, holds bool, reason, message string) corev1.PodCondition {
	status := corev1.ConditionTrue
	if !holds {
		status = corev1.ConditionFalse
	} else {
		reason, message = "", ""
	}
	kept, known := r.since[kind]
	if !known || kept.Status != status {
		kept.LastTransitionTime = metav1.Now()
	}
	kept.Type, kept.Status, kept.Reason, kept.Message = kind, status, reason, message
	r.since[kind] = kept
	return kept
}
