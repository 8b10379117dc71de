package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// refreshEvery is how often volumes are looked at again. A kubelet takes up to a minute and a half.
const refreshEvery = 10 * time.Second

// A pod is one Pod on its way from bound to gone.
type pod struct {
	node       *node
	spec       *corev1.Pod // as it was first seen
	ip         string      // to the cluster
	address    string      // on this machine
	folder     string
	volumes    *volumes
	containers []*container
	reporter   *reporter

	mutex       sync.Mutex
	problem     string // why containers are not started
	terminating chan struct{}
	killAt      time.Time // after SIGTERM; from terminate on
	deadline    *time.Timer
	kill        chan struct{}
	killOnce    sync.Once
}

func newPod(n *node, spec *corev1.Pod) *pod {
	ip := n.network.take()
	p := &pod{
		node: n, spec: spec, ip: ip, address: n.services.addresses.ofPod(ip),
		folder:      filepath.Join(n.data, "pods", string(spec.UID)),
		terminating: make(chan struct{}), kill: make(chan struct{}),
	}
	p.volumes = &volumes{node: n, pod: spec, ip: ip, folder: filepath.Join(p.folder, "volumes")}
	for i := range spec.Spec.Containers {
		p.containers = append(p.containers, newContainer(p, &spec.Spec.Containers[i]))
	}
	p.reporter = newReporter(p)
	return p
}

// terminate begins the end, or brings it forward.
func (p *pod) terminate(grace time.Duration) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	until := time.Now().Add(grace)
	switch {
	case p.deadline == nil:
		p.deadline = time.AfterFunc(grace, func() { p.killOnce.Do(func() { close(p.kill) }) })
		close(p.terminating)
	case until.Before(p.killAt):
		p.deadline.Reset(grace)
	default:
		return
	}
	p.killAt = until
}

func (p *pod) isTerminating() bool {
	select {
	case <-p.terminating:
		return true
	default:
		return false
	}
}

// run returns when none of the Pod's processes runs any more and the API server knows.
func (p *pod) run(ctx context.Context) {
	defer p.node.network.giveBack(p.ip)
	var reports sync.WaitGroup
	ended := make(chan struct{})
	reports.Go(func() { p.reporter.run(ctx, ended) })
	defer reports.Wait()
	defer close(ended)
	p.reporter.notice()
	defer p.clear()
	if !p.prepare(ctx) {
		return
	}
	refreshing, over := context.WithCancel(ctx)
	defer over()
	go p.refresh(refreshing)
	var all sync.WaitGroup
	for _, container := range p.containers {
		all.Go(func() { container.run(ctx) })
	}
	all.Wait()
}

// prepare goes on until everything that the Pod names is there.
func (p *pod) prepare(ctx context.Context) bool {
	for {
		err := p.tryToPrepare(ctx)
		if err == nil {
			p.setProblem("")
			return true
		}
		p.setProblem(err.Error())
		select {
		case <-ctx.Done():
			return false
		case <-p.terminating:
			return false
		case <-time.After(time.Second):
		}
	}
}

func (p *pod) tryToPrepare(ctx context.Context) error {
	if p.node.hollow {
		return nil
	}
	if err := p.checkSupported(); err != nil {
		return err
	}
	if err := os.MkdirAll(p.folder, 0o755); err != nil {
		return err
	}
	if err := p.node.services.keepHosts(p.hostsFile(), p.spec.Namespace); err != nil {
		return err
	}
	return p.volumes.write(ctx)
}

func (p *pod) hostsFile() string { return filepath.Join(p.folder, "hosts") }

func (p *pod) setProblem(problem string) {
	p.mutex.Lock()
	changed := p.problem != problem
	p.problem = problem
	p.mutex.Unlock()
	if changed {
		p.reporter.notice()
	}
}

func (p *pod) refresh(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(refreshEvery):
			p.volumes.write(ctx) // what cannot be read stays as it was
		}
	}
}

func (p *pod) clear() {
	p.node.services.forgetHosts(p.hostsFile())
	os.RemoveAll(p.folder)
}
