package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// addresses of a cluster, each of which is one of this machine's loopback addresses with another first part: the API
// server takes no loopback address for a Pod's, as no other machine could reach it. A Pod that is 10.131.1.7 to the
// cluster listens on 127.131.1.7, and a Service 10.96.3.4 is listened for on, say, 127.201.3.4. The second part is
// drawn for each cluster, since several may be on one machine, and kept in its folder.
type addresses struct {
	Pods     string `json:"pods"`     // 127.x
	Services string `json:"services"` // 127.y
}

func openAddresses(data string) (*addresses, error) {
	file := filepath.Join(data, "addresses.json")
	text, err := os.ReadFile(file)
	if err == nil {
		var kept addresses
		return &kept, json.Unmarshal(text, &kept)
	}
	drawn := &addresses{
		Pods:     fmt.Sprintf("127.%d", 100+rand.IntN(60)),
		Services: fmt.Sprintf("127.%d", 160+rand.IntN(60)),
	}
	text, err = json.Marshal(drawn)
	return drawn, errors.Join(err, os.MkdirAll(data, 0o755), os.WriteFile(file, text, 0o644))
}

// ofService is where a Service's cluster address is listened for.
func (a *addresses) ofService(clusterIP string) string { return a.Services + lastHalf(clusterIP) }

// ofPod is where a Pod listens.
func (a *addresses) ofPod(podIP string) string { return "127." + strings.SplitN(podIP, ".", 2)[1] }

func (a *addresses) ofNode(number int) *network {
	return &network{prefix: fmt.Sprintf("10.%s.%d", strings.TrimPrefix(a.Pods, "127."), number), taken: map[int]bool{}}
}

func lastHalf(address string) string {
	parts := strings.SplitN(address, ".", 3)
	return "." + parts[2]
}

// network is the Pods' addresses of one node.
type network struct {
	prefix string
	mutex  sync.Mutex
	last   int
	taken  map[int]bool
}

const mostPods = 110

// take goes on from the last address, so that one is not used again at once.
func (n *network) take() string {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for {
		n.last = max(2, (n.last+1)%255)
		if !n.taken[n.last] {
			n.taken[n.last] = true
			return fmt.Sprintf("%s.%d", n.prefix, n.last)
		}
	}
}

func (n *network) giveBack(address string) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	var number int
	fmt.Sscanf(strings.TrimPrefix(address, n.prefix+"."), "%d", &number)
	delete(n.taken, number)
}
