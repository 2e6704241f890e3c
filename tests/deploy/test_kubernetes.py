"""The Kubernetes objects: valid by the published schemas, consistent with each other, and least in rights."""

from itertools import pairwise
from typing import Any

import pytest
import yaml

from tests.deploy.files import DEPLOY, container, objects, pod, the

kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
OLDEST = "1.30"


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
@pytest.mark.parametrize("number", range(len(objects())), ids=lambda n: f"{objects()[n]['kind']}-{n}")
def test_every_object_is_valid(number: int, version: str) -> None:
    kubernetes_validate.validate(objects()[number], version, strict=True)


def test_no_key_stands_twice() -> None:
    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            mapping = super().construct_mapping(node, deep)
            assert len(mapping) == len(node.value), f"a key stands twice near line {node.start_mark.line + 1}"
            return mapping

    assert list(yaml.load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"), Loader))


def test_names_lead_somewhere() -> None:
    spec = the("StatefulSet")["spec"]
    labels = spec["template"]["metadata"]["labels"]
    assert spec["serviceName"] in {o["metadata"]["name"] for o in objects() if o["kind"] == "Service"}
    assert pod()["serviceAccountName"] == the("ServiceAccount")["metadata"]["name"]
    selectors = [
        spec["selector"]["matchLabels"],
        the("Service")["spec"]["selector"],
        the("Service", "hutong-replicas")["spec"]["selector"],
        the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        the("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
    ]
    assert all(selector.items() <= labels.items() for selector in selectors)
    volumes = {v["name"] for v in pod()["volumes"]} | {c["metadata"]["name"] for c in spec["volumeClaimTemplates"]}
    assert {mount["name"] for mount in container()["volumeMounts"]} == volumes
    assert {o["metadata"]["namespace"] for o in objects()} == {"hutong"}


def test_mounts_do_not_lie_in_each_other() -> None:
    """A mount below a read-only one could not be made."""
    paths = sorted(mount["mountPath"] + "/" for mount in container()["volumeMounts"])
    assert not [b for a, b in pairwise(paths) if b.startswith(a)]


def test_the_service_does_not_set_the_hubs_port() -> None:
    """A Service named hutong gives pods HUTONG_PORT=tcp://..., which would be read as the setting."""
    assert pod()["enableServiceLinks"] is False


def test_the_pod_has_the_least_rights() -> None:
    assert pod()["automountServiceAccountToken"] is False
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    rights = container()["securityContext"]
    assert rights["readOnlyRootFilesystem"] is True
    assert rights["allowPrivilegeEscalation"] is False
    assert rights["capabilities"] == {"drop": ["ALL"]}
    writable = {mount["mountPath"] for mount in container()["volumeMounts"] if not mount.get("readOnly")}
    assert writable == {"/var/lib/hutong", "/tmp"}


def test_the_master_key_is_accepted_as_it_is_mounted() -> None:
    """Root's file, readable through the pod's group, as the group of the volume makes it."""
    (secrets,) = [v["secret"] for v in pod()["volumes"] if v["name"] == "secrets"]
    assert secrets["defaultMode"] == 0o440
    assert pod()["securityContext"]["fsGroup"] == pod()["securityContext"]["runAsGroup"]


def test_one_replica_at_a_time_may_go() -> None:
    assert the("StatefulSet")["spec"]["replicas"] >= 2
    assert the("PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_only_ingress_and_prometheus_come_in_and_nothing_goes_anywhere() -> None:
    policy = the("NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert all(rule["from"] and rule["ports"] for rule in policy["ingress"])
    assert [p["port"] for rule in policy["ingress"] for p in rule["ports"]] == ["http", "metrics"]
    assert all(rule["to"] and rule["ports"] for rule in policy["egress"])
    assert "0.0.0.0/0" not in str(policy)
