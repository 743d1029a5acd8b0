import { shortfall, sizeOf } from "../../../core/guard/sizes.ts";
import { nodeFloor } from "../../../core/guardrails.ts";
import { requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import {
  awsMachines,
  awsMachineTypes,
  azureProfile,
  gcpMachineTypes,
  gcpTemplates,
  given,
  isNode,
  launchConfiguration,
  launchTemplate,
  scaleSet,
  virtualMachine,
} from "../machines.ts";
import { autoscalingGroup, regionGroup } from "./pools.ts";

export const nodesLargeEnough: Rule = {
  id: "Q02",
  name: "nodes-large-enough",
  title: `Nodes have ${nodeFloor.cpus} vCPU and ${nodeFloor.memoryGib} GB, by a machine type that is known.`,
  family: "sizing",
  severity: "high",
  reason: "A smaller node runs out of memory in the middle of a proof, and its verdict is lost.",
  remediation:
    "Use c7i.2xlarge, c3-highcpu-8 or Standard_D8ls_v5, or add the type to core/guard/sizes.ts with its source.",
  upstream: ["EC2.4", "prowler-vm_desired_sku_size"],
  checks: {
    ...each(awsMachineTypes, function* (subject) {
      if (!isNode(subject)) return;
      for (const machine of awsMachines(subject)) {
        // A template may leave the type to its group, which is judged for it.
        if (subject.type === launchTemplate && !given(machine.at("instanceType"))) yield* refuseRequirements(machine);
        else yield* requireSize(machine.at("instanceType"));
      }
    }),
    [autoscalingGroup]: function* ({ props }) {
      const template = props.at("mixedInstancesPolicy", "launchTemplate");
      for (const override of template.items("overrides")) {
        yield* refuseRequirements(override);
        if (given(override.at("instanceType"))) yield* requireSize(override.at("instanceType"));
      }
    },
    ...each(gcpMachineTypes, function* (subject) {
      if (!isNode(subject)) return;
      // A machine from a template takes the template's type unless it names its own.
      const type = subject.props.at("machineType");
      const inherits = subject.type.includes("InstanceFrom") && !given(type);
      if (!inherits) yield* requireSize(type);
    }),
    [regionGroup]: function* ({ props }) {
      for (const selection of props.at("instanceFlexibilityPolicy").items("instanceSelections")) {
        for (const type of selection.items("machineTypes")) yield* requireSize(type);
      }
    },
    [virtualMachine]: function* (subject) {
      if (isNode(subject)) yield* requireSize(subject.props.at("hardwareProfile", "vmSize"));
    },
    [scaleSet]: function* (subject) {
      if (!isNode(subject)) return;
      yield* requireSize(subject.props.at("sku", "name"));
      for (const size of subject.props.at("skuProfile").items("vmSizes")) yield* requireSize(size.at("name"));
    },
  },
  mayIgnore: ["sku.capacity"],
};

function* refuseRequirements(view: View): Generator<Outcome> {
  yield* attempt(function* () {
    if (given(view.at("instanceRequirements")))
      yield { at: view.at("instanceRequirements"), found: "lets the cloud choose the type", expected: "instanceType" };
  });
}

function* requireSize(type: View): Generator<Outcome> {
  yield* attempt(function* () {
    const name = type.string();
    const size = name === undefined ? undefined : sizeOf(name);
    if (size === undefined) {
      yield { at: type, found: name === undefined ? "is left out" : `is "${name}", whose size is not known` };
      return;
    }
    const lack = shortfall(size);
    if (lack !== undefined) yield { at: type, found: `is "${name}", which lacks ${lack}` };
  });
}

export const nodeDisks: Rule = {
  id: "Q03a",
  name: "node-disks-sized",
  title: `Nodes have a root disk of ${nodeFloor.diskGb} GB and a cache disk of its own of ${nodeFloor.cacheGb} GB.`,
  family: "sizing",
  severity: "high",
  reason: "A full root disk stops the machine; a cache on it fills it.",
  remediation: `A root disk of ${nodeFloor.diskGb} and a second disk of ${nodeFloor.cacheGb}`,
  upstream: [],
  checks: {
    [launchTemplate]: function* (subject) {
      const mappings = subject.props.items("blockDeviceMappings");
      // The image says which device is its root; until that is known it is the one declared first.
      const root = mappings.find(
        (one) => one.at("deviceName").unknown || rootDevices.some((device) => device === one.string("deviceName")),
      );
      yield* requireDisks(subject, "blockDeviceMappings", mappings, root, ["ebs", "volumeSize"]);
    },
    [launchConfiguration]: function* (subject) {
      const root = subject.props.at("rootBlockDevice");
      const disks = [root, ...subject.props.items("ebsBlockDevices")];
      yield* requireDisks(subject, "ebsBlockDevices", disks, root, ["volumeSize"]);
    },
    ...each(gcpTemplates, function* (subject) {
      const disks = subject.props.items("disks");
      const root = disks.find((one) => one.boolean("boot") === true) ?? disks[0];
      yield* requireDisks(subject, "disks", disks, root, ["diskSizeGb"]);
    }),
    [scaleSet]: function* (subject) {
      const storage = azureProfile(subject).at("storageProfile");
      const root = storage.at("osDisk");
      const disks = [root, ...storage.items("dataDisks")];
      yield* requireDisks(subject, storage.at("dataDisks"), disks, root, ["diskSizeGB"]);
    },
  },
};

/** Names under which images of AWS have their root disk. */
const rootDevices = ["/dev/xvda", "/dev/sda1"];

function* requireDisks(
  subject: Subject,
  list: View | string,
  disks: readonly View[],
  root: View | undefined,
  size: readonly string[],
): Generator<Outcome> {
  if (!isNode(subject)) return;
  // A size that is left out is the image's, which may be anything.
  if (root === undefined) yield { at: list, found: "has no root disk", expected: `one of ${nodeFloor.diskGb} GB` };
  else yield* requireWithin(root.at(...size), nodeFloor.diskGb, Number.POSITIVE_INFINITY, 0);
  yield* attempt(function* () {
    const others = disks.filter((one) => one !== root || one.unknown).map((one) => Number(one.text(...size) ?? 0));
    if (!others.some((gb) => gb >= nodeFloor.cacheGb))
      yield { at: list, found: "has no second disk that is large enough", expected: `one of ${nodeFloor.cacheGb} GB` };
  });
}

/** Small types for machines that run no proofs. */
const helperTypes =
  /^(t3|t3a|t4g)\.(micro|small|medium|large)$|^(c7i|m7i|c7a|m7a|m7g|c7g)\.(medium|large|xlarge)$|^e2-(micro|small|medium|standard-[24])$|^(n4|c4|c3|n2)-(standard|highcpu)-[24]$|^Standard_(B1s|B1ms|B2s|B2ms|B2s_v2|B2ls_v2|B2als_v2|D2ls_v5|D2s_v5|D4ls_v5|D4s_v5)$/;

export const helperSizes: Rule = {
  id: "G02",
  name: "known-machine-types",
  title: "Bastion, control plane and builder are of a type on the list.",
  family: "sizing",
  severity: "low",
  reason: "A type that nobody looked at costs what nobody granted.",
  remediation: "Use a type of the list in policies/rules/sizing/sizes.ts, or add it there.",
  upstream: [
    "EC2.4",
    "prowler-vm_desired_sku_size",
    "prowler-vm_ensure_using_approved_images",
    "prowler-ec2_instance_with_outdated_ami",
  ],
  checks: {
    ...each(awsMachineTypes, (subject) => requireHelper(subject, "instanceType")),
    ...each(gcpMachineTypes, (subject) => requireHelper(subject, "machineType")),
    [virtualMachine]: (subject) => requireHelper(subject, "hardwareProfile", "vmSize"),
    [scaleSet]: (subject) => requireHelper(subject, "sku", "name"),
  },
};

function* requireHelper(subject: Subject, ...path: readonly string[]): Generator<Outcome> {
  if (isNode(subject)) return;
  yield* attempt(function* () {
    const type = subject.props.at(...path);
    const name = type.string() ?? "";
    // The builder bakes what nodes run, and may be as large as one.
    if (helperTypes.test(name) || sizeOf(name) !== undefined) return;
    yield { at: type, found: `is "${name}", which is not on the list` };
  });
}
