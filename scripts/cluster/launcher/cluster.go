package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const loopback = "127.0.0.1"

// startLimit bounds the way to ready. Three seconds are usual; a busy machine takes longer.
const startLimit = 2 * time.Minute

// A cluster is one control plane over one folder. The folder keeps the ports, the certificates and etcd's
// data, so a cluster that is started again on it is the same one and its kubeconfig stays good.
type cluster struct {
	bin, data string
	ports     ports
}

type ports struct {
	Etcd      int `json:"etcd"`
	APIServer int `json:"kube-apiserver"`
}

func (c *cluster) path(name string) string  { return filepath.Join(c.data, name) }
func (c *cluster) pki(name string) string   { return filepath.Join(c.data, "pki", name) }
func (c *cluster) log(server string) string { return c.path("logs/" + server + ".log") }
func (c *cluster) etcdURL() string          { return fmt.Sprintf("https://%s:%d", loopback, c.ports.Etcd) }
func (c *cluster) apiURL() string           { return fmt.Sprintf("https://%s:%d", loopback, c.ports.APIServer) }

// run starts the cluster and stays until end is closed or one of its servers ends by itself.
func (c *cluster) run(end <-chan struct{}) error {
	if err := c.prepare(); err != nil {
		return err
	}
	servers := processes{ended: make(chan error, 4)}
	defer servers.stop()
	began := time.Now()
	// kube-apiserver waits for etcd by itself; the other two give up early, so they are started later.
	if err := servers.start(c, "etcd", c.etcdArguments()); err != nil {
		return err
	}
	if err := servers.start(c, "kube-apiserver", c.apiServerArguments()); err != nil {
		return err
	}
	if err := c.await("/readyz", end, servers.ended); err != nil {
		return err
	}
	if err := servers.start(c, "kube-controller-manager", c.controllerManagerArguments()); err != nil {
		return err
	}
	if err := servers.start(c, "kube-scheduler", c.schedulerArguments()); err != nil {
		return err
	}
	if err := c.await(lastOfAll, end, servers.ended); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "test cluster: ready in %.1f s at %s, folder %s\n", time.Since(began).Seconds(), c.apiURL(), c.data)
	if err := c.printExports(); err != nil {
		return err
	}
	select {
	case <-end:
		return nil
	case err := <-servers.ended:
		return err
	}
}

// lastOfAll is there only when every namespace is provided with what Pods need, the last step to a
// cluster that can be used.
const lastOfAll = "/api/v1/namespaces/default/serviceaccounts/default"

// join waits for a cluster that another launcher runs on this folder.
func (c *cluster) join() error {
	if err := c.readPorts(); err != nil {
		return fmt.Errorf("%w, and it is not ready: %w", errRunning, err)
	}
	if err := c.await(lastOfAll, nil, nil); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "test cluster: runs already at %s, folder %s\n", c.apiURL(), c.data)
	return c.printExports()
}

// printExports says how to reach the cluster, and that it is ready. kubectl's cache is kept here, too, so that
// nothing is read from or written to the home of the person who uses it.
func (c *cluster) printExports() error {
	_, err := fmt.Printf("export KUBECONFIG='%s'\nexport KUBECACHEDIR='%s'\nexport KUBERC=off\nexport PATH='%s':\"$PATH\"\n",
		c.path("kubeconfig"), c.path("kubectl-cache"), c.bin)
	return errors.Join(err, os.Stdout.Close())
}

// makeFolder takes a folder that is new, empty or a cluster's, and no other: it may be removed as a whole later.
func (c *cluster) makeFolder() error {
	entries, err := os.ReadDir(c.data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(c.path("lock")); err != nil && len(entries) > 0 {
		return fmt.Errorf("%s holds other things than a test cluster", c.data)
	}
	return os.MkdirAll(c.path("logs"), 0o700)
}

func (c *cluster) prepare() error {
	err := c.readPorts()
	if errors.Is(err, os.ErrNotExist) {
		err = c.choosePorts()
	}
	if err != nil {
		return err
	}
	for _, port := range []int{c.ports.Etcd, c.ports.APIServer} {
		if !isFree(port) {
			return fmt.Errorf("port %d of this cluster is in use by another program; remove %s to begin anew", port, c.data)
		}
	}
	if err := os.WriteFile(c.path(auditPolicyFile), []byte(auditPolicy), 0o600); err != nil {
		return err
	}
	return c.writeCredentials()
}

func (c *cluster) readPorts() error {
	text, err := os.ReadFile(c.path("ports.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &c.ports)
}

func (c *cluster) choosePorts() error {
	c.ports = ports{Etcd: freePort()}
	for c.ports.APIServer = freePort(); c.ports.APIServer == c.ports.Etcd; {
		c.ports.APIServer = freePort()
	}
	text, err := json.Marshal(c.ports)
	if err != nil {
		return err
	}
	return os.WriteFile(c.path("ports.json"), text, 0o600)
}

// freePort chooses below the range out of which the kernel serves connections and listeners on port 0, so
// that no other program is given the port before the server has bound it.
func freePort() int {
	for {
		if port := 20000 + rand.IntN(10000); isFree(port) {
			return port
		}
	}
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", loopback, port))
	if err != nil {
		return false
	}
	listener.Close()
	return true
}

var errEnded = errors.New("ended before the cluster was ready")

// await returns when the API server answers path with 200. A nil channel means that nothing ends the wait
// but the limit.
func (c *cluster) await(path string, end <-chan struct{}, ended <-chan error) error {
	answer, err := c.asAdmin(path)
	if err != nil {
		return err
	}
	limit := time.After(startLimit)
	for {
		wrong := answer()
		if wrong == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-end:
			return errEnded
		case err := <-ended:
			return err
		case <-limit:
			return fmt.Errorf("not ready after %s: %s: %w; see %s", startLimit, path, wrong, c.path("logs"))
		}
	}
}

// asAdmin gives a function that asks the API server for path, and says what is wrong where the answer is not 200.
func (c *cluster) asAdmin(path string) (func() error, error) {
	authority, err := os.ReadFile(c.pki("ca.crt"))
	if err != nil {
		return nil, err
	}
	token, err := os.ReadFile(c.pki(admin.file + ".token"))
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodGet, c.apiURL()+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
	}
	return func() error {
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return errors.New(response.Status)
		}
		return nil
	}, nil
}
