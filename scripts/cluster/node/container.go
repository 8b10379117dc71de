package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// The pauses between restarts, as a kubelet's.
const (
	firstPause  = 10 * time.Second
	longPause   = 5 * time.Minute
	soundAgain  = 10 * time.Minute // after which a crash counts as the first
	afterProbed = 30 * time.Second // from SIGTERM to SIGKILL where the Pod names no grace period
)

// devices are what every container sees of /dev.
var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}

// A container is a process that is started again when it ends.
type container struct {
	pod  *pod
	spec *corev1.Container

	mutex    sync.Mutex
	state    corev1.ContainerState
	last     corev1.ContainerState
	restarts int32
	started  bool
	ready    bool
}

func newContainer(p *pod, spec *corev1.Container) *container {
	waiting := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}
	return &container{pod: p, spec: spec, state: waiting}
}

// run returns when the process does not run and is not to run again.
func (c *container) run(ctx context.Context) {
	pause := time.Duration(0)
	for {
		began := time.Now()
		exit := c.runOnce(ctx)
		if ctx.Err() != nil || c.pod.isTerminating() || !c.isStartedAgain(exit) {
			return
		}
		if time.Since(began) > soundAgain {
			pause = 0
		}
		if !c.rest(ctx, pause) {
			return
		}
		pause = min(max(firstPause, 2*pause), longPause)
	}
}

func (c *container) isStartedAgain(exit int32) bool {
	policy := c.pod.spec.Spec.RestartPolicy
	return policy == corev1.RestartPolicyAlways || policy == corev1.RestartPolicyOnFailure && exit != 0
}

func (c *container) rest(ctx context.Context, pause time.Duration) bool {
	if pause > 0 {
		c.change(func() {
			c.last = c.state
			c.state = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
				Reason:  "CrashLoopBackOff",
				Message: fmt.Sprintf("back-off %s restarting failed container", pause),
			}}
		})
	}
	select {
	case <-ctx.Done():
		return false
	case <-c.pod.terminating:
		return false
	case <-time.After(pause):
	}
	c.change(func() {
		if c.state.Terminated != nil {
			c.last = c.state
		}
		c.restarts++
	})
	return true
}

// runOnce starts the process, probes it and waits for its end.
func (c *container) runOnce(ctx context.Context) (exit int32) {
	if c.pod.node.hollow {
		return c.pretend(ctx)
	}
	command, err := c.start(ctx)
	if err != nil {
		c.change(func() {
			c.state = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
				Reason: "CreateContainerError", Message: err.Error(),
			}}
		})
		return 1
	}
	began := metav1.Now()
	c.change(func() { c.state = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: began}} })
	gone := make(chan struct{})
	probing, ended := context.WithCancel(ctx)
	unfit := make(chan string, 1)
	var beside sync.WaitGroup
	beside.Go(func() { c.probe(probing, unfit) })
	beside.Go(func() { c.stop(ctx, command.Process, unfit, gone) })
	err = command.Wait()
	close(gone)
	ended()
	beside.Wait()
	state := terminated(err, command.ProcessState, began)
	c.change(func() { c.state, c.started, c.ready = state, false, false })
	return state.Terminated.ExitCode
}

// pretend is what a hollow node does in the place of a process.
func (c *container) pretend(ctx context.Context) (exit int32) {
	began := metav1.Now()
	c.change(func() {
		c.state = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: began}}
		c.started, c.ready = true, true
	})
	select {
	case <-ctx.Done():
	case <-c.pod.terminating:
	}
	c.change(func() { c.state, c.started, c.ready = terminated(nil, nil, began), false, false })
	return 0
}

func terminated(err error, state *os.ProcessState, began metav1.Time) corev1.ContainerState {
	ended := &corev1.ContainerStateTerminated{StartedAt: began, FinishedAt: metav1.Now(), Reason: "Completed"}
	if err != nil {
		ended.Reason, ended.ExitCode = "Error", int32(state.ExitCode())
		if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			ended.Signal = int32(status.Signal())
			ended.ExitCode = 128 + ended.Signal
		}
	}
	return corev1.ContainerState{Terminated: ended}
}

// stop asks the process to end when the Pod ends or a probe says so, and kills it when it takes too long.
func (c *container) stop(ctx context.Context, process *os.Process, unfit <-chan string, gone <-chan struct{}) {
	killed := c.pod.kill
	select {
	case <-gone:
		return
	case <-ctx.Done(): // the node is switched off
		process.Kill()
		return
	case <-c.pod.terminating:
		c.beforeStop(gone)
	case why := <-unfit:
		fmt.Fprintf(os.Stderr, "test node: %s/%s is stopped: %s\n", c.pod.spec.Namespace, c.pod.spec.Name, why)
		killed = c.after(c.gracePeriod())
	}
	process.Signal(syscall.SIGTERM)
	select {
	case <-gone:
	case <-ctx.Done():
		process.Kill()
	case <-killed:
		process.Kill()
	}
}

func (c *container) gracePeriod() time.Duration {
	if seconds := c.pod.spec.Spec.TerminationGracePeriodSeconds; seconds != nil {
		return time.Duration(*seconds) * time.Second
	}
	return afterProbed
}

func (c *container) after(pause time.Duration) chan struct{} {
	over := make(chan struct{})
	time.AfterFunc(pause, func() { close(over) })
	return over
}

func (c *container) beforeStop(gone <-chan struct{}) {
	if c.spec.Lifecycle == nil || c.spec.Lifecycle.PreStop == nil {
		return
	}
	select {
	case <-gone:
	case <-c.pod.kill:
	case <-time.After(time.Duration(c.spec.Lifecycle.PreStop.Sleep.Seconds) * time.Second):
	}
}

// start starts the process in its root file system, on its way through enter.
func (c *container) start(ctx context.Context) (*exec.Cmd, error) {
	image, found := c.pod.node.images[c.spec.Image]
	if !found {
		return nil, fmt.Errorf("this node has no image %s", c.spec.Image)
	}
	variables, err := c.variables(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	entry := c.entry(image, variables)
	if err := entry.makeTargets(); err != nil {
		return nil, err
	}
	return entry.start(log)
}

func (c *container) logFile() string {
	return c.pod.node.logOf(c.pod.spec.Namespace, c.pod.spec.Name, c.spec.Name)
}

func (c *container) entry(image image, variables []string) *entry {
	command := image.entrypoint
	if len(c.spec.Command) > 0 {
		command = c.spec.Command
	}
	mapping := expansion.MappingFuncFor(map[string]string{})
	arguments := slices.Clone(command)
	for _, argument := range c.spec.Args {
		arguments = append(arguments, expansion.Expand(argument, mapping))
	}
	e := &entry{
		Root: image.root, Folder: image.folder, Arguments: arguments, Variables: variables,
		User: 0, Group: 0, Mounts: []mount{{Source: c.pod.hostsFile(), Target: "/etc/hosts", ReadOnly: true}},
	}
	if c.spec.WorkingDir != "" {
		e.Folder = c.spec.WorkingDir
	}
	e.secure(c.pod.spec.Spec.SecurityContext, c.spec.SecurityContext)
	for _, device := range devices {
		e.Mounts = append(e.Mounts, mount{Source: device, Target: device})
	}
	for _, m := range c.spec.VolumeMounts {
		e.Mounts = append(e.Mounts, mount{Source: c.pod.volumes.path(m.Name), Target: m.MountPath, ReadOnly: m.ReadOnly})
	}
	return e
}

func (c *container) change(how func()) {
	c.mutex.Lock()
	how()
	c.mutex.Unlock()
	c.pod.reporter.notice()
}

func (c *container) status() corev1.ContainerStatus {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	started := c.started
	return corev1.ContainerStatus{
		Name: c.spec.Name, Image: c.spec.Image, State: c.state, LastTerminationState: c.last,
		RestartCount: c.restarts, Started: &started, Ready: c.ready,
	}
}
