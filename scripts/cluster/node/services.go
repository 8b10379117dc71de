package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	discoverylisters "k8s.io/client-go/listers/discovery/v1"
	"k8s.io/client-go/tools/cache"
)

const dialLimit = 2 * time.Second

// services does what kube-proxy and the cluster's DNS do: whoever connects to a Service's address is connected to one
// of its ready endpoints, and Pods find that address by the Service's name, in their /etc/hosts.
type services struct {
	addresses *addresses
	factory   informers.SharedInformerFactory
	services  corelisters.ServiceLister
	slices    discoverylisters.EndpointSliceLister
	changed   chan struct{}

	mutex sync.Mutex
	open  map[string]*balancer // by address and port
	hosts map[string]string    // namespace of the Pod, by file
}

func newServices(client kubernetes.Interface, addresses *addresses) *services {
	factory := informers.NewSharedInformerFactory(client, 0)
	return &services{
		addresses: addresses,
		factory:   factory,
		services:  factory.Core().V1().Services().Lister(),
		slices:    factory.Discovery().V1().EndpointSlices().Lister(),
		changed:   make(chan struct{}, 1),
		open:      map[string]*balancer{},
		hosts:     map[string]string{},
	}
}

// start returns when what is there already is in force.
func (s *services) start(ctx context.Context) error {
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { s.notice() },
		UpdateFunc: func(_, _ any) { s.notice() },
		DeleteFunc: func(any) { s.notice() },
	}
	for _, informer := range []cache.SharedIndexInformer{
		s.factory.Core().V1().Services().Informer(),
		s.factory.Discovery().V1().EndpointSlices().Informer(),
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	s.factory.Start(ctx.Done())
	s.factory.WaitForCacheSync(ctx.Done())
	s.adjust()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.changed:
				s.adjust()
			}
		}
	}()
	return nil
}

func (s *services) notice() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *services) adjust() {
	all, _ := s.services.List(labels.Everything())
	s.mutex.Lock()
	defer s.mutex.Unlock()
	wanted := map[string]bool{}
	for _, service := range all {
		if !hasAddress(service) {
			continue
		}
		for _, port := range service.Spec.Ports {
			at := fmt.Sprintf("%s:%d", s.addresses.ofService(service.Spec.ClusterIP), port.Port)
			wanted[at] = true
			s.balance(at, s.endpoints(service, port.Name))
		}
	}
	for at, balancer := range s.open {
		if !wanted[at] {
			balancer.listener.Close()
			delete(s.open, at)
		}
	}
	for file, namespace := range s.hosts {
		s.writeHosts(file, namespace)
	}
}

func hasAddress(service *corev1.Service) bool {
	return len(service.Spec.Selector) > 0 && net.ParseIP(service.Spec.ClusterIP) != nil
}

// endpoints of a Service that are ready, as addresses of this machine.
func (s *services) endpoints(service *corev1.Service, port string) []string {
	its := labels.SelectorFromSet(labels.Set{discoveryv1.LabelServiceName: service.Name})
	all, _ := s.slices.EndpointSlices(service.Namespace).List(its)
	var ready []string
	for _, slice := range all {
		for _, p := range slice.Ports {
			if p.Name == nil || *p.Name != port || p.Port == nil {
				continue
			}
			for _, endpoint := range slice.Endpoints {
				if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
					ready = append(ready, fmt.Sprintf("%s:%d", s.addresses.ofPod(endpoint.Addresses[0]), *p.Port))
				}
			}
		}
	}
	slices.Sort(ready)
	return ready
}

func (s *services) balance(at string, endpoints []string) {
	existing := s.open[at]
	if existing == nil {
		listener, err := net.Listen("tcp", at)
		if err != nil {
			fmt.Fprintln(os.Stderr, "test node: a Service cannot be had:", err)
			return
		}
		existing = &balancer{listener: listener}
		s.open[at] = existing
		go existing.serve()
	}
	existing.endpoints.Store(&endpoints)
}

// A balancer passes connections to endpoints in turn.
type balancer struct {
	listener  net.Listener
	endpoints atomic.Pointer[[]string]
	turn      atomic.Uint32
}

func (b *balancer) serve() {
	for {
		connection, err := b.listener.Accept()
		if err != nil {
			return
		}
		go b.pass(connection.(*net.TCPConn))
	}
}

func (b *balancer) pass(caller *net.TCPConn) {
	defer caller.Close()
	endpoint := b.connect()
	if endpoint == nil {
		caller.SetLinger(0) // a reset, as where nobody listens
		return
	}
	defer endpoint.Close()
	ended := make(chan struct{})
	go func() {
		io.Copy(endpoint, caller)
		endpoint.CloseWrite()
		close(ended)
	}()
	io.Copy(caller, endpoint)
	caller.CloseWrite()
	caller.CloseRead()
	<-ended
}

func (b *balancer) connect() *net.TCPConn {
	endpoints := b.endpoints.Load()
	if endpoints == nil {
		return nil
	}
	for range *endpoints {
		next := (*endpoints)[int(b.turn.Add(1)%uint32(len(*endpoints)))]
		if connection, err := net.DialTimeout("tcp", next, dialLimit); err == nil {
			return connection.(*net.TCPConn)
		}
	}
	return nil
}

// keepHosts writes a Pod's /etc/hosts, now and whenever Services change, until forgetHosts.
func (s *services) keepHosts(file, namespace string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.hosts[file] = namespace
	return s.writeHosts(file, namespace)
}

func (s *services) forgetHosts(file string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.hosts, file)
}

// writeHosts writes into the file that is there, since containers have it mounted.
func (s *services) writeHosts(file, namespace string) error {
	lines := []string{"127.0.0.1 localhost"}
	all, err := s.services.List(labels.Everything())
	if err != nil {
		return err
	}
	for _, service := range all {
		if !hasAddress(service) {
			continue
		}
		name := service.Name + "." + service.Namespace
		names := []string{name + ".svc", name + ".svc.cluster.local", name}
		if service.Namespace == namespace {
			names = append(names, service.Name)
		}
		lines = append(lines, s.addresses.ofService(service.Spec.ClusterIP)+" "+strings.Join(names, " "))
	}
	slices.Sort(lines)
	text := strings.Join(lines, "\n") + "\n"
	if was, err := os.ReadFile(file); err == nil && string(was) == text {
		return nil
	}
	return os.WriteFile(file, []byte(text), 0o644)
}
