import {
  getGalleryImageVersion,
  getGalleryImageVersionOutput,
} from "@pulumi/azure-native/compute/getGalleryImageVersion.js";
import { getVirtualMachine } from "@pulumi/azure-native/compute/getVirtualMachine.js";
import * as pulumi from "@pulumi/pulumi";
import { galleryVersion } from "../../core/digest.ts";
import { messageOf } from "../../core/errors.ts";
import type { ImageState } from "../contract.ts";
import { type AzureSite, resourceId } from "./site.ts";

/** The one image definition of a stack's gallery. */
export const imageDefinition = "node";

/** Name of the builder of a recipe, and of the snapshot of its disk. */
export function builderName(digest: string): string {
  return `builder-${digest.slice(0, 8)}`;
}

/** Known before the image stands: it follows from settings and digest. */
export function imageVersionId(site: AzureSite, digest: string): string {
  return resourceId(
    site,
    site.names.imageGroup,
    "Microsoft.Compute/galleries/images/versions",
    site.names.gallery,
    imageDefinition,
    galleryVersion(digest),
  );
}

/** What stands of a recipe's image in this stack's gallery, and whether its builder does. */
export async function findAzureImage(site: AzureSite, digest: string): Promise<ImageState> {
  const opts = { provider: site.provider };
  const [exists, hasBuilder] = await Promise.all([
    stands(getGalleryImageVersion(versionArgs(site, digest), opts)),
    stands(getVirtualMachine({ resourceGroupName: site.names.group, vmName: builderName(digest) }, opts)),
  ]);
  return { exists, hasBuilder };
}

/** Public key of whoever signed an image that stands, as its tags say. */
export function signerOf(site: AzureSite, digest: string): pulumi.Output<string> {
  return getGalleryImageVersionOutput(versionArgs(site, digest), { provider: site.provider }).apply(
    ({ tags }) => tags?.[signerTag] ?? "",
  );
}

const signerTag = "logos-signed-by";

export function signerTags(publicKey: pulumi.Input<string>): Record<string, pulumi.Input<string>> {
  return { [signerTag]: publicKey };
}

function versionArgs(site: AzureSite, digest: string) {
  return {
    resourceGroupName: site.names.imageGroup,
    galleryName: site.names.gallery,
    galleryImageName: imageDefinition,
    galleryImageVersionName: galleryVersion(digest),
  };
}

/** Azure says 404 of what is not there, by four codes. Any other failure is one: nothing follows from not knowing. */
async function stands(found: Promise<unknown>): Promise<boolean> {
  try {
    await found;
    return true;
  } catch (error) {
    const message = messageOf(error);
    if (/\b(ResourceGroupNotFound|ResourceNotFound|ParentResourceNotFound|NotFound)\b/.test(message)) return false;
    throw new pulumi.RunError(
      `Azure could not say whether the image or its builder stands. ${message}. ` +
        "Log in (`az login`), or look at azure.subscription and azure.tenant of this stack.",
    );
  }
}
