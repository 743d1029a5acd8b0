import { galleryVersion as galleryVersionOf, sha256Pattern } from "../../../core/digest.ts";
import { requireOneOf } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type Stack, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import {
  awsMachines,
  awsMachineTypes,
  azureMachineTypes,
  azureProfile,
  gcpInstances,
  gcpMachineTypes,
  gcpTemplates,
  given,
  isNode,
  launchTemplate,
  scaleSet,
} from "../machines.ts";
import { dependsOnSmoke } from "./image-gated.ts";

const gcpImage = "gcp:compute/image:Image";
const galleryVersion = "azure-native:compute:GalleryImageVersion";
const captures = [
  "aws:ec2/amiFromInstance:AmiFromInstance",
  "aws:ec2/ami:Ami",
  gcpImage,
  "gcp:compute/machineImage:MachineImage",
  galleryVersion,
  "azure-native:compute:Image",
] as const;
const pools = [launchTemplate, ...gcpTemplates, scaleSet];

/** What a machine is born from, on each cloud, as the properties that say so. */
function images(subject: Subject): readonly View[] {
  if (awsMachineTypes.some((type) => type === subject.type))
    return awsMachines(subject).map((one) => (given(one.at("ami")) ? one.at("ami") : one.at("imageId")));
  if (gcpTemplates.some((type) => type === subject.type)) {
    return subject.props
      .items("disks")
      .filter((disk) => disk.boolean("boot") !== false)
      .map((disk) => disk.at("sourceImage"));
  }
  if (gcpMachineTypes.some((type) => type === subject.type))
    return [subject.props.at("bootDisk", "initializeParams", "image")];
  return [azureProfile(subject).at("storageProfile", "imageReference")];
}

/** Texts that mean whatever is newest, or whatever carries a name. */
export const floating = /^resolve:ssm:|\/family\/|^family\/|^\$|(^|\/)latest$|^[a-z0-9-]+-cloud\/[a-z0-9-]+$/i;

/** An image of Google's by its project; what is shorter may be a family's name. */
const exactImage = /(^|\/)projects\/[^/]+\/global\/images\/[^/]+$/;

export const imagesPinned: Rule = {
  id: "B03",
  name: "images-pinned",
  title: "Every machine's image is one exact id: no family, no name, no latest, no owner by search.",
  family: "image",
  severity: "critical",
  reason: "A name is taken by whoever publishes a newer image under it.",
  remediation: "Name the image's id, as pinned in the stack's settings or as the Image component gives it.",
  upstream: ["CKV_AWS_386", "AWS-0344"],
  checks: {
    ...each([...awsMachineTypes, ...gcpMachineTypes, ...azureMachineTypes], function* (subject) {
      for (const image of images(subject)) {
        yield* attempt(function* () {
          const text = image.text();
          if (text === undefined) yield* checkReference(image);
          else if (floating.test(text) || (isGoogles(subject) && !exactImage.test(text)))
            yield { at: image, found: `is "${text}", which may be another image tomorrow` };
        });
      }
    }),
    "aws:ec2/allowedImagesSettings:AllowedImagesSettings": ({ props }) => requireOneOf(props.at("state"), ["enabled"]),
  },
  // Images of this stack, which come to be in the same update.
  knownAtUpdate: [
    "ami",
    "imageId",
    "launchSpecifications",
    "bootDisk",
    "disks",
    "storageProfile",
    "virtualMachineProfile",
  ],
};

/** A machine of Google's. Templates of nodes are Q04a's too, which takes no image by its name. */
function isGoogles({ type }: Subject): boolean {
  return gcpInstances.some((one) => one === type);
}

/** Azure's reference: by id, or by publisher, offer, SKU and version. */
function* checkReference(image: View): Generator<Outcome> {
  for (const key of ["id", "version", "exactVersion", "sharedGalleryImageId"]) {
    yield* attempt(function* () {
      const text = image.at(key);
      if (text.matches(floating)) yield { at: text, found: `is "${text.string()}", which is another image tomorrow` };
      if (text.matches(/galleries\/[^/]+\/images\/[^/]+$/i))
        yield { at: text, found: "names no version, which means the newest" };
    });
  }
  yield* attempt(function* () {
    const anybodys = image.at("communityGalleryImageId");
    if (anybodys.present) yield { at: anybodys, found: "is an image that anybody may publish" };
  });
  yield* attempt(function* () {
    if (image.at("publisher").present && !image.at("version").present)
      yield { at: image.at("version"), found: "is left out, which means the newest" };
  });
}

export const nodesGated: Rule = {
  id: "Q04a",
  name: "nodes-from-gated-image",
  title:
    "Nodes on clouds start from an image that this stack captured after its smoke rebuild, or that is declared as such.",
  family: "image",
  severity: "critical",
  reason: "A node of another image would answer for proofs that nobody rebuilt on it.",
  remediation:
    "Use the id of the Image component, or list the id of one that was captured by a run under this rule in `images`.",
  upstream: [],
  waivable: false,
  stack: function* (resource, { ofType }) {
    if (isCapture(resource)) {
      if (!dependsOnSmoke(resource.dependencies))
        yield { found: "is captured without depending on its smoke rebuild", mend: "Let it depend on the bake." };
      return;
    }
    if (!pools.includes(resource.type) || !isNode(resource)) return;
    for (const image of images(resource)) {
      const text = image.unknown ? "" : (image.text() ?? image.text("id") ?? "");
      if (resource.config.images.includes(text) || isOfRecipe(text, ofType)) continue;
      const property = image.path.split(/[.[]/, 1).join();
      if (!resource.madeFrom(property).some(isCapture))
        yield { at: image, found: "is neither captured by this stack nor declared" };
    }
  },
};

function isCapture({ type }: Subject): boolean {
  return captures.some((one) => one === type);
}

/**
 * An image's id on Azure follows from its recipe, and is named before the image stands: in a gallery of this stack, by the
 * digest of the stack's own recipe. What is captured under that name is held to this rule when it is captured.
 */
function isOfRecipe(id: string, ofType: Stack["ofType"]): boolean {
  const named = /\/galleries\/(?<gallery>[^/]+)\/images\/[^/]+\/versions\/(?<version>[^/]+)$/i.exec(id)?.groups;
  if (named === undefined) return false;
  const digests = ofType("logos:substrate:Image").map(({ props }) => props.string("digest") ?? "");
  return (
    ofType("azure-native:compute:Gallery").some(({ props }) => props.string("galleryName") === named.gallery) &&
    digests.some((digest) => sha256Pattern.test(digest) && galleryVersionOf(digest) === named.version)
  );
}

/** The tag that says an image and all that was made from it passed. */
const proofGated = "logos-proof-gated";

export const gatedTagEverywhere: Rule = {
  id: "Q05",
  name: "proof-gated-tag",
  title: `Nodes, their disks and their images carry ${proofGated}.`,
  family: "image",
  severity: "medium",
  reason: "Costs, clean-up and reviews find nodes by it.",
  remediation: `tags: { "${proofGated}": "true" }`,
  upstream: [],
  checks: {
    [launchTemplate]: function* (subject) {
      if (!isNode(subject)) return;
      for (const kind of ["instance", "volume"]) {
        yield* attempt(function* () {
          const specifications = subject.props
            .items("tagSpecifications")
            .filter((one) => one.string("resourceType") === kind);
          if (!specifications.some((one) => one.text("tags", proofGated) === "true"))
            yield { at: subject.props.at("tagSpecifications"), found: `leaves it out for each ${kind}` };
        });
      }
    },
    ...each([...gcpTemplates, gcpImage], function* (subject) {
      if (isNode(subject) || subject.type === gcpImage)
        yield* requireOneOf(subject.props.at("labels", proofGated), ["true"]);
    }),
    ...each([scaleSet, galleryVersion, "aws:ec2/amiFromInstance:AmiFromInstance"], function* (subject) {
      yield* requireOneOf(subject.props.at("tags", proofGated), ["true"]);
    }),
  },
};

/** The tag by which clean-up knows what is this stack's. */
const stackTag = "logos-stack";

export const taggedAsOurs: Rule = {
  id: "G01",
  name: "tagged-as-ours",
  title: `Machines, disks, stores and keys carry the tag or label ${stackTag}.`,
  family: "image",
  severity: "low",
  reason: "What nobody can tell is ours is neither counted nor cleaned up.",
  remediation: `tags: { "${stackTag}": pulumi.getStack() }`,
  upstream: [
    "CKV_AZURE_43",
    "AWS-0320",
    "resource-tagging",
    "environment-separation-tagging",
    "single-environment-stack",
    "resource-labeling",
  ],
  checks: {
    ...each(
      [
        "aws:ec2/instance:Instance",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ebs/volume:Volume",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketV2:BucketV2",
        "aws:kms/key:Key",
        "azure-native:compute:VirtualMachine",
        scaleSet,
        "azure-native:compute:Disk",
        "azure-native:storage:StorageAccount",
      ],
      ({ props }) => requireTag(props.at("tags")),
    ),
    ...each(
      [
        "gcp:compute/instance:Instance",
        ...gcpTemplates,
        "gcp:compute/disk:Disk",
        "gcp:storage/bucket:Bucket",
        "gcp:kms/cryptoKey:CryptoKey",
      ],
      ({ props }) => requireTag(props.at("labels")),
    ),
  },
};

function* requireTag(tags: View): Generator<Outcome> {
  yield* attempt(function* () {
    if (!given(tags.at(stackTag))) yield { at: tags, found: `has no "${stackTag}"` };
  });
}
