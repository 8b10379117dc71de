# What a person does here, on one screen: `make help`. The work is in scripts/.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run dev test check lint chaos failing faults scale fuzz bench format generate image docker-build \
  docker-run docker-push prometheus grafana jaeger db-migrate db-backup db-restore cluster-up cluster-down \
  k8s-deploy k8s-status k8s-logs k8s-port-forward k8s-delete prod-check clean

help: ## this screen
	@grep -hE '^[a-z0-9-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

run: ## build if needed, then serve examples/quickstart on this machine (ARGS="--port 8080" …)
	@scripts/run $(ARGS)

dev: ## the same, started anew whenever sources change and build
	@scripts/dev $(ARGS)

test: ## all tests; what they need is installed, or they are skipped by name
	@scripts/test

check: ## formatting, generated files, shell scripts: what CI checks beside the tests
	@scripts/check

lint: ## formatting and shell scripts alone
	@scripts/lint

chaos: ## 10,000 requests with a random fault each, held against the ledger (ARGS="REQUESTS SEED")
	@scripts/chaos $(ARGS)

failing: ## ten providers that fail in every way, for ten minutes at 500 requests a second (ARGS="SECONDS RATE SEED")
	@scripts/failing $(ARGS)

faults: ## an API server that is away, refuses every write, or hangs up, and operators that are killed, for minutes (ARGS="OUTAGE CONFLICTS KILLS")
	@scripts/faults $(ARGS)

scale: ## 10,000 resources and 100 gateways: how soon a change is everywhere, and at what cost (ARGS="RESOURCES GATEWAYS CHANGES REVOCATIONS")
	@scripts/scale $(ARGS)

fuzz: ## 100,000 mutated manifests on a real API server: refused with a message or judged truly (ARGS="MANIFESTS SEED")
	@scripts/fuzz $(ARGS)

bench: ## compare with nginx and a bare relay under load, one table
	@scripts/bench/run $(ARGS)

format: ## format the Java sources
	@scripts/maven -q spotless:apply

generate: ## write the CRDs and the reference pages anew, out of the types
	@scripts/generate

image: ## the images of operator and gateway, with docker, podman or buildah (ARGS=gateway: one)
	@scripts/image/build $(ARGS)

docker-build: image ## the same by the name that others give it

docker-run: ## run an image as a pod would be, on this machine's network (ARGS="gateway --help")
	@scripts/image/run $(ARGS)

docker-push: ## push the images to IMAGE_PREFIX=registry.example/team/ (ARGS=gateway: one)
	@scripts/image/push $(ARGS)

prometheus: ## Prometheus on 127.0.0.1:9090 over the gateway of `make run`, with its alerts (ARGS=HOST:PORT: another's management port)
	@scripts/monitoring/prometheus $(ARGS)

grafana: ## Grafana on 127.0.0.1:3000 with a dashboard, and Prometheus, by compose (ARGS=down: end them)
	@scripts/monitoring/compose grafana $(ARGS)

jaeger: ## Jaeger on 127.0.0.1:16686, by compose (ARGS=down: end it); gateways send no traces yet, so it stays empty
	@scripts/monitoring/compose jaeger $(ARGS)

db-migrate: ## bring the ledger's tables to this version (ONEFLOW_LEDGER: its JDBC URL; default: the one of `make run`)
	@scripts/db/migrate

db-backup: ## copy the ledger into one file, while gateways write (TO=file)
	@scripts/db/backup $(TO)

db-restore: ## make a ledger out of such a file, where there is none yet (FROM=file)
	@scripts/db/restore $(FROM)

cluster-up: ## a real Kubernetes cluster on loopback with OneFlow installed; prints what to export
	@scripts/cluster/with-operator up

cluster-down: ## end it
	@scripts/cluster/with-operator down

k8s-deploy: ## install or upgrade CRDs and operator on the cluster of KUBECONFIG, and wait (ARGS=production: an overlay)
	@scripts/k8s/deploy $(ARGS)

k8s-status: ## operator, gateways, pods and resources of that cluster (scripts/health_check.sh judges them)
	@scripts/k8s/status $(ARGS)

k8s-logs: ## logs of the operator, or of a gateway (ARGS="NAMESPACE/GATEWAY -f")
	@scripts/k8s/logs $(ARGS)

k8s-port-forward: ## a gateway's ports on this machine, 8000 and 8001 (ARGS="NAMESPACE/GATEWAY 8000 8001")
	@scripts/k8s/port-forward $(ARGS)

k8s-delete: ## say what would be deleted, and with YES=1 delete it (ARGS=--all: CRDs and all resources, too)
	@scripts/k8s/delete $(ARGS)

prod-check: ## the production checklist, gone through by machine (ARGS="-n NAMESPACE --strict")
	@scripts/k8s/prod-check $(ARGS)

clean: ## remove what was built (not the caches in ~/.cache/oneflow)
	@scripts/maven -q clean
