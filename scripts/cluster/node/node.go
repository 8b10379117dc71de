package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/retry"
)

// hostIP is what the cluster knows the machine by.
const hostIP = "127.0.0.1"

// A node runs the Pods that the scheduler binds to it.
type node struct {
	name, data, api string
	client          kubernetes.Interface
	images          map[string]image
	environment     []corev1.EnvVar
	hollow          bool
	services        *services
	network         *network

	all   *sync.WaitGroup
	mutex sync.Mutex
	pods  map[types.UID]*pod
}

// start returns when the node takes Pods. all is done when none of them runs any more, after ctx.
func (n *node) start(ctx context.Context, all *sync.WaitGroup) error {
	n.all, n.pods = all, map[types.UID]*pod{}
	port, err := n.serveLogs(ctx)
	if err != nil {
		return err
	}
	if err := n.register(ctx, port); err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(n.client, 0,
		informers.WithTweakListOptions(func(options *metav1.ListOptions) {
			options.FieldSelector = fields.OneTermEqualSelector("spec.nodeName", n.name).String()
		}))
	informer := factory.Core().V1().Pods().Informer()
	if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { n.see(ctx, object.(*corev1.Pod)) },
		UpdateFunc: func(_, object any) { n.see(ctx, object.(*corev1.Pod)) },
		DeleteFunc: n.forget,
	}); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return nil
}

// register makes the Node, or takes over the one of an earlier run. The taint that admission puts on a new one goes:
// the controller that would take it off needs a kubelet's heartbeats.
func (n *node) register(ctx context.Context, logs int) error {
	nodes := n.client.CoreV1().Nodes()
	_, err := nodes.Create(ctx, &corev1.Node{ObjectMeta: metav1.ObjectMeta{
		Name: n.name,
		Labels: map[string]string{
			corev1.LabelHostname:     n.name,
			corev1.LabelOSStable:     runtime.GOOS,
			corev1.LabelArchStable:   runtime.GOARCH,
			corev1.LabelTopologyZone: "zone-" + n.name,
		},
	}}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	untaint := []byte(`{"spec":{"taints":null}}`)
	if _, err := nodes.Patch(ctx, n.name, types.MergePatchType, untaint, metav1.PatchOptions{}); err != nil {
		return err
	}
	// Controllers label and annotate a new Node meanwhile.
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		registered, err := nodes.Get(ctx, n.name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		registered.Status = n.status(logs)
		_, err = nodes.UpdateStatus(ctx, registered, metav1.UpdateOptions{})
		return err
	})
}

// status promises more than the machine has: what is tried here is how Pods come and go, not how they are packed.
func (n *node) status(logs int) corev1.NodeStatus {
	room := corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("32"),
		corev1.ResourceMemory: resource.MustParse("64Gi"),
		corev1.ResourcePods:   resource.MustParse(fmt.Sprint(mostPods)),
	}
	return corev1.NodeStatus{
		Capacity: room, Allocatable: room,
		Addresses: []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: hostIP}},
		Conditions: []corev1.NodeCondition{{
			Type: corev1.NodeReady, Status: corev1.ConditionTrue, Reason: "ProcessNode",
			Message: "runs Pods as processes of the machine that the cluster is on", LastTransitionTime: metav1.Now(),
			LastHeartbeatTime: metav1.Now(),
		}},
		DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: int32(logs)}},
		NodeInfo:        corev1.NodeSystemInfo{OperatingSystem: runtime.GOOS, Architecture: runtime.GOARCH},
	}
}

func (n *node) see(ctx context.Context, seen *corev1.Pod) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	run, known := n.pods[seen.UID]
	switch {
	case known && seen.DeletionTimestamp != nil:
		run.terminate(graceOf(seen))
	case known:
	case seen.DeletionTimestamp != nil:
		n.all.Go(func() { n.remove(ctx, seen) })
	case seen.Status.Phase == corev1.PodSucceeded || seen.Status.Phase == corev1.PodFailed:
	default:
		run = newPod(n, seen)
		n.pods[seen.UID] = run
		n.all.Go(func() { n.runToItsEnd(ctx, run) })
	}
}

func graceOf(pod *corev1.Pod) time.Duration {
	if seconds := pod.DeletionGracePeriodSeconds; seconds != nil {
		return time.Duration(*seconds) * time.Second
	}
	return 0
}

// forget is for Pods that somebody deleted without waiting for their end.
func (n *node) forget(object any) {
	if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = unknown.Obj
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if run, known := n.pods[object.(*corev1.Pod).UID]; known {
		run.terminate(0)
	}
}

func (n *node) runToItsEnd(ctx context.Context, run *pod) {
	run.run(ctx)
	if ctx.Err() == nil && run.isTerminating() {
		n.remove(ctx, run.spec)
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	delete(n.pods, run.spec.UID)
}

// remove says that nothing of a deleted Pod runs any more, and so ends it for the API server, too.
func (n *node) remove(ctx context.Context, pod *corev1.Pod) {
	now := int64(0)
	options := metav1.DeleteOptions{GracePeriodSeconds: &now, Preconditions: metav1.NewUIDPreconditions(string(pod.UID))}
	persist(ctx, func() error {
		err := n.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, options)
		if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
			return nil
		}
		return err
	})
}

// persist goes on until the API server has heard, however long it is away.
func persist(ctx context.Context, attempt func() error) {
	for attempt() != nil {
		select {
		case <-ctx.Done():
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (n *node) apiHostAndPort() (string, string) {
	host, port, _ := strings.Cut(strings.TrimPrefix(n.api, "https://"), ":")
	return host, port
}

func (n *node) logOf(namespace, pod, container string) string {
	return filepath.Join(n.data, "logs", namespace+"_"+pod+"_"+container+".log")
}
