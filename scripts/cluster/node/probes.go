package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/probe"
	httpprobe "k8s.io/kubernetes/pkg/probe/http"
	tcpprobe "k8s.io/kubernetes/pkg/probe/tcp"
)

var (
	httpProber = httpprobe.New(false)
	tcpProber  = tcpprobe.New()
)

// probe asks a running process how it does until ctx ends. unfit hears why it is to be stopped.
func (c *container) probe(ctx context.Context, unfit chan<- string) {
	startup := c.spec.StartupProbe
	if startup != nil && !c.awaitStart(ctx, startup, unfit) {
		return
	}
	c.change(func() { c.started, c.ready = true, c.spec.ReadinessProbe == nil })
	var both sync.WaitGroup
	if liveness := c.spec.LivenessProbe; liveness != nil {
		both.Go(func() { c.watchLife(ctx, liveness, unfit) })
	}
	if readiness := c.spec.ReadinessProbe; readiness != nil {
		both.Go(func() { c.watchReadiness(ctx, readiness) })
	}
	both.Wait()
}

func (c *container) awaitStart(ctx context.Context, startup *corev1.Probe, unfit chan<- string) bool {
	sound := false
	c.ask(ctx, startup, func(streak streak) bool {
		if streak.failures >= startup.FailureThreshold {
			unfit <- "its startup probe failed: " + streak.said
			return false
		}
		sound = streak.successes >= startup.SuccessThreshold
		return !sound
	})
	return sound
}

func (c *container) watchLife(ctx context.Context, liveness *corev1.Probe, unfit chan<- string) {
	c.ask(ctx, liveness, func(streak streak) bool {
		if c.pod.isTerminating() {
			return false
		}
		if streak.failures >= liveness.FailureThreshold {
			unfit <- "its liveness probe failed: " + streak.said
			return false
		}
		return true
	})
}

func (c *container) watchReadiness(ctx context.Context, readiness *corev1.Probe) {
	c.ask(ctx, readiness, func(streak streak) bool {
		c.mutex.Lock()
		ready := c.ready
		c.mutex.Unlock()
		switch {
		case !ready && streak.successes >= readiness.SuccessThreshold:
			c.change(func() { c.ready = true })
		case ready && streak.failures >= readiness.FailureThreshold:
			c.change(func() { c.ready = false })
		}
		return true
	})
}

// streak is how often in a row a probe has said the same.
type streak struct {
	successes, failures int32
	said                string
}

// ask probes at once and then every period, for as long as heard says so.
func (c *container) ask(ctx context.Context, p *corev1.Probe, heard func(streak) bool) {
	if !sleep(ctx, time.Duration(p.InitialDelaySeconds)*time.Second) {
		return
	}
	var now streak
	for {
		if said, sound := c.askOnce(p); sound {
			now = streak{successes: now.successes + 1, said: said}
		} else {
			now = streak{failures: now.failures + 1, said: said}
		}
		if ctx.Err() != nil || !heard(now) || !sleep(ctx, time.Duration(p.PeriodSeconds)*time.Second) {
			return
		}
	}
}

func sleep(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

func (c *container) askOnce(p *corev1.Probe) (said string, sound bool) {
	limit := time.Duration(p.TimeoutSeconds) * time.Second
	result, said, err := probe.Unknown, "", error(nil)
	if p.HTTPGet != nil {
		request, wrong := httpprobe.NewRequestForHTTPGetAction(p.HTTPGet, c.spec, c.pod.address, "probe")
		if wrong != nil {
			return wrong.Error(), false
		}
		result, said, err = httpProber.Probe(request, limit)
	} else {
		port, wrong := probe.ResolveContainerPort(p.TCPSocket.Port, c.spec)
		if wrong != nil {
			return wrong.Error(), false
		}
		result, said, err = tcpProber.Probe(c.pod.address, port, limit)
	}
	if err != nil {
		said = fmt.Sprintf("%s %v", said, err)
	}
	return said, result == probe.Success || result == probe.Warning
}
