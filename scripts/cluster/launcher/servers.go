package main

import (
	"fmt"
	"strings"
)

func (c *cluster) etcdArguments() []string {
	return []string{
		"--data-dir=" + c.path("etcd"),
		"--listen-client-urls=" + c.etcdURL(),
		"--advertise-client-urls=" + c.etcdURL(),
		"--cert-file=" + c.pki("etcd.crt"),
		"--key-file=" + c.pki("etcd.key"),
		"--trusted-ca-file=" + c.pki("etcd-ca.crt"),
		"--client-cert-auth",
		"--listen-peer-urls=http://" + loopback + ":0", // there are no peers
		"--unsafe-no-fsync",                            // survives a killed process, not a power cut
		"--log-level=warn",
	}
}

func (c *cluster) apiServerArguments() []string {
	return []string{
		"--bind-address=" + loopback,
		"--advertise-address=" + loopback,
		fmt.Sprintf("--secure-port=%d", c.ports.APIServer),
		"--endpoint-reconciler-type=none", // a loopback address may not be an endpoint
		"--service-cluster-ip-range=10.96.0.0/16",
		"--etcd-servers=" + c.etcdURL(),
		"--etcd-cafile=" + c.pki("etcd-ca.crt"),
		"--etcd-certfile=" + c.pki("etcd-client.crt"),
		"--etcd-keyfile=" + c.pki("etcd-client.key"),
		"--tls-cert-file=" + c.pki("kube-apiserver.crt"),
		"--tls-private-key-file=" + c.pki("kube-apiserver.key"),
		"--token-auth-file=" + c.pki("tokens.csv"),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.pki("service-accounts.key"),
		"--service-account-signing-key-file=" + c.pki("service-accounts.key"),
		"--audit-policy-file=" + c.path(auditPolicyFile),
		"--audit-log-path=" + c.log("audit"),
		"--audit-log-maxsize=100",
		"--audit-log-maxbackup=1",
		"--profiling=false",
	}
}

const auditPolicyFile = "audit-policy.yaml"

// auditPolicy has what OneFlow's operator asks for written down, without bodies, and nothing else: which rights it uses.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived] # a watch is seen when it starts
rules:
  - level: Metadata
    users: ["system:serviceaccount:oneflow:oneflow-operator"]
  - level: None
`

// unusedControllers need kubelets, volumes or devices, none of which are here. The two for nodes would take a
// node without a kubelet for a dead one and evict its Pods.
var unusedControllers = []string{
	"node-lifecycle-controller",
	"node-ipam-controller",
	"device-taint-eviction-controller",
	"ephemeral-volume-controller",
	"persistentvolume-attach-detach-controller",
	"persistentvolume-binder-controller",
	"persistentvolume-expander-controller",
	"resourceclaim-controller",
}

func (c *cluster) controllerManagerArguments() []string {
	return []string{
		"--kubeconfig=" + c.path(controllerManager.file+".kubeconfig"),
		"--controllers=*,-" + strings.Join(unusedControllers, ",-"),
		"--use-service-account-credentials",
		"--service-account-private-key-file=" + c.pki("service-accounts.key"),
		"--root-ca-file=" + c.pki("ca.crt"),
		"--kube-api-qps=500", // the default of 20 makes its start take three seconds longer
		"--kube-api-burst=500",
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
	}
}

func (c *cluster) schedulerArguments() []string {
	return []string{
		"--kubeconfig=" + c.path(scheduler.file+".kubeconfig"),
		"--leader-elect=false",
		"--secure-port=0",
		"--profiling=false",
	}
}
