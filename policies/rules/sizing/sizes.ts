import { shortfall, sizeOf } from "../../../core/guard/sizes.ts";
import { nodeFloor } from "../../../core/guardrails.ts";
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
      const disks = subject.props.items("blockDeviceMappings").map((one) => one.at("ebs", "volumeSize"));
      yield* requireDisks(subject, "blockDeviceMappings", disks);
    },
    ...each(gcpTemplates, function* (subject) {
      yield* requireDisks(
        subject,
        "disks",
        subject.props.items("disks").map((one) => one.at("diskSizeGb")),
      );
    }),
    [scaleSet]: function* (subject) {
      const storage = azureProfile(subject).at("storageProfile");
      const disks = [storage.at("osDisk"), ...storage.items("dataDisks")].map((one) => one.at("diskSizeGB"));
      yield* requireDisks(subject, "virtualMachineProfile.storageProfile", disks);
    },
  },
};

function* requireDisks(subject: Subject, at: string, sizes: readonly View[]): Generator<Outcome> {
  if (!isNode(subject)) return;
  yield* attempt(function* () {
    // An absent size is the image's, which may be anything.
    const [root = 0, ...others] = sizes.map((size) => Number(size.text() ?? 0));
    if (!(root >= nodeFloor.diskGb))
      yield { at, found: `has a root disk of ${root} GB`, expected: `at least ${nodeFloor.diskGb}` };
    const cache = Math.max(0, ...others);
    if (!(cache >= nodeFloor.cacheGb))
      yield { at, found: `has a second disk of ${cache} GB`, expected: `at least ${nodeFloor.cacheGb}` };
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
    ...each(awsMachineTypes, (subject) => requireHelper(subject, subject.props.at("instanceType"))),
    ...each(gcpMachineTypes, (subject) => requireHelper(subject, subject.props.at("machineType"))),
    [virtualMachine]: (subject) => requireHelper(subject, subject.props.at("hardwareProfile", "vmSize")),
  },
};

function* requireHelper(subject: Subject, type: View): Generator<Outcome> {
  if (isNode(subject)) return;
  yield* attempt(function* () {
    const name = type.string() ?? "";
    // The builder bakes what nodes run, and may be as large as one.
    if (helperTypes.test(name) || sizeOf(name) !== undefined) return;
    yield { at: type, found: `is "${name}", which is not on the list` };
  });
}
