// Command node stands in for the machines of a test cluster: it registers Nodes and runs the Pods that are bound to
// them as processes of this machine, in the root file system of their image and as the user that they say.
//
// What a kubelet does for a Pod is done here: volumes, projected tokens that are renewed, environment, probes,
// restarts, SIGTERM and the grace period, status, logs. So a Deployment's roll-out, an eviction or a Service is the
// real one. What is different: all Pods share this machine's network and processes, nothing bounds what they use,
// and NetworkPolicies bind nobody. See addresses.go for how they get addresses of their own all the same.
//
// It prints what an address is on this machine once its nodes are ready, and then closes its standard output. It stays
// until its standard input closes or a signal comes, and ends the processes that it started. Needs root and Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type settings struct {
	kubeconfig, data string
	names            []string
	images           map[string]image
	environment      []corev1.EnvVar
	hollow, detached bool
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == enterArgument {
		fail(enter())
	}
	var s settings
	s.images = map[string]image{}
	flag.StringVar(&s.kubeconfig, "kubeconfig", os.Getenv("KUBECONFIG"), "how to reach the API server as an administrator")
	flag.StringVar(&s.data, "data", "", "folder for volumes and logs; made if it is not there")
	flag.Func("name", "name of a node; once for each", func(name string) error {
		s.names = append(s.names, name)
		return nil
	})
	flag.Func("image", "NAME=FOLDER,DOCKERFILE: a root file system, and the file that says what runs in it", s.addImage)
	flag.Func("env", "NAME=VALUE: what every container gets that does not set it; $(POD_ADDRESS) is where it may listen, $(MEMORY_LIMIT) its limit in bytes", s.addVariable)
	flag.BoolVar(&s.hollow, "hollow", false, "run nothing: say of every Pod that it runs and is ready, for which nobody needs to be root")
	flag.BoolVar(&s.detached, "detached", false, "do not end when standard input closes")
	flag.Parse()
	if s.kubeconfig == "" || s.data == "" || len(s.names) == 0 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(64)
	}
	fail(s.run())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "test node:", err)
		os.Exit(1)
	}
}

func (s *settings) addImage(text string) error {
	name, places, _ := strings.Cut(text, "=")
	root, dockerfile, found := strings.Cut(places, ",")
	if !found {
		return errors.New("not NAME=FOLDER,DOCKERFILE")
	}
	read, err := readImage(root, dockerfile)
	s.images[name] = read
	return err
}

func (s *settings) addVariable(text string) error {
	name, value, found := strings.Cut(text, "=")
	if !found {
		return errors.New("not NAME=VALUE")
	}
	s.environment = append(s.environment, corev1.EnvVar{Name: name, Value: value})
	return nil
}

func (s *settings) run() error {
	if os.Geteuid() != 0 && !s.hollow {
		return errors.New("needs root, for root file systems and users of Pods")
	}
	config, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 500, 500
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if s.data, err = filepath.Abs(s.data); err != nil {
		return err
	}
	addresses, err := openAddresses(s.data)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	go func() {
		awaitEnd(s.detached)
		end()
	}()
	return s.serve(ctx, client, config, addresses)
}

func (s *settings) serve(ctx context.Context, client kubernetes.Interface, config *rest.Config, addresses *addresses) error {
	services := newServices(client, addresses)
	if err := services.start(ctx); err != nil {
		return err
	}
	var all sync.WaitGroup
	defer all.Wait()
	for i, name := range s.names {
		node := node{
			name: name, client: client, data: s.data, images: s.images, environment: s.environment,
			hollow: s.hollow, api: config.Host, services: services, network: addresses.ofNode(i + 1),
		}
		if err := node.start(ctx, &all); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "test node: %s ready\n", strings.Join(s.names, ", "))
	fmt.Printf("pods=%s\nservices=%s\n", addresses.Pods, addresses.Services)
	os.Stdout.Close()
	<-ctx.Done()
	return nil
}

func awaitEnd(detached bool) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	stdin := make(chan struct{})
	if !detached {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			close(stdin)
		}()
	}
	select {
	case <-signals:
	case <-stdin:
	}
}
