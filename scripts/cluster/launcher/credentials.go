package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const validity = 10 * 365 * 24 * time.Hour

// An identity is a key pair and the certificate that an authority, or it itself, gave it.
type identity struct {
	certificate *x509.Certificate
	der         []byte
	key         *ecdsa.PrivateKey
}

// A user is known to the API server by a token. Tokens and not certificates, for every client library can use
// them, whatever kinds of keys it reads.
type user struct{ file, name, group string }

var (
	admin             = user{"admin", "admin", "system:masters"}
	controllerManager = user{"kube-controller-manager", "system:kube-controller-manager", ""}
	scheduler         = user{"kube-scheduler", "system:kube-scheduler", ""}
	users             = []user{admin, controllerManager, scheduler}
)

// writeCredentials makes the keys of a new cluster, and everybody's kubeconfig. etcd trusts an authority of its own,
// for whoever reads it reads every Secret, past all rules of the API server.
func (c *cluster) writeCredentials() error {
	if _, err := os.Stat(c.path("pki")); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(err, c.writeKubeconfigs())
	}
	unfinished := c.path("pki.unfinished")
	if err := os.MkdirAll(unfinished, 0o700); err != nil {
		return err
	}
	authority, etcdAuthority := selfSigned("oneflow-test-cluster"), selfSigned("oneflow-test-cluster-etcd")
	identities := map[string]identity{
		"ca":               authority,
		"kube-apiserver":   authority.server("kube-apiserver"),
		"service-accounts": selfSigned("service-accounts"),
		"etcd-ca":          etcdAuthority,
		"etcd":             etcdAuthority.server("etcd"),
		"etcd-client":      etcdAuthority.client("kube-apiserver"),
	}
	for name, identity := range identities {
		if err := identity.write(filepath.Join(unfinished, name)); err != nil {
			return err
		}
	}
	return errors.Join(writeTokens(unfinished), os.Rename(unfinished, c.path("pki")), c.writeKubeconfigs())
}

// writeTokens writes each user's token to a file, and all to the one that the API server reads.
func writeTokens(folder string) error {
	var known strings.Builder
	for _, user := range users {
		token := rand.Text()
		line := strings.Join([]string{token, user.name, user.file, user.group}, ",")
		fmt.Fprintln(&known, strings.TrimSuffix(line, ","))
		if err := os.WriteFile(filepath.Join(folder, user.file+".token"), []byte(token), 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "tokens.csv"), []byte(known.String()), 0o600)
}

func selfSigned(name string) identity {
	template := x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	return issue(template, identity{})
}

func (authority identity) client(name string) identity {
	return issue(x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, authority)
}

// server certificates are good for clients, too: etcd calls itself with its own.
func (authority identity) server(name string) identity {
	return issue(x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.ParseIP(loopback)},
	}, authority)
}

// issue signs by the authority, or by the new key itself where there is none. The calls fail only on templates that
// are wrong in the source, hence the panics.
func issue(template x509.Certificate, authority identity) identity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err)
	}
	template.NotBefore = time.Now().Add(-time.Minute)
	template.NotAfter = template.NotBefore.Add(validity)
	if authority.key == nil {
		authority = identity{certificate: &template, key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, authority.certificate, key.Public(), authority.key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return identity{certificate, der, key}
}

func (i identity) write(path string) error {
	key, err := x509.MarshalECPrivateKey(i.key)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(path+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.der}), 0o600),
		os.WriteFile(path+".key", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: key}), 0o600))
}

func (c *cluster) writeKubeconfigs() error {
	return errors.Join(
		c.writeKubeconfig(admin, "kubeconfig"),
		c.writeKubeconfig(controllerManager, controllerManager.file+".kubeconfig"),
		c.writeKubeconfig(scheduler, scheduler.file+".kubeconfig"))
}

func (c *cluster) writeKubeconfig(user user, file string) error {
	token, err := os.ReadFile(c.pki(user.file + ".token"))
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(c.pki("ca.crt"))
	if err != nil {
		return err
	}
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: oneflow-test
contexts:
- name: oneflow-test
  context: {cluster: oneflow-test, user: %[2]s}
clusters:
- name: oneflow-test
  cluster:
    server: %[1]s
    certificate-authority-data: %[3]s
users:
- name: %[2]s
  user: {token: %[4]s}
`, c.apiURL(), user.file, base64.StdEncoding.EncodeToString(authority), token)
	return os.WriteFile(c.path(file), []byte(text), 0o600)
}
