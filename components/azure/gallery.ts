import { Gallery } from "@pulumi/azure-native/compute/gallery.js";
import { GalleryImage } from "@pulumi/azure-native/compute/galleryImage.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { imageDefinition } from "./image-names.ts";
import { type AzureSite, tags } from "./site.ts";

/** Where versions of the nodes' image are kept, in a group of their own: whoever takes it takes them all along, old ones too. */
export interface ImageGallery {
  readonly group: ResourceGroup;
  readonly gallery: Gallery;
  readonly definition: GalleryImage;
}

/** @param encryption encrypts the versions, and cannot go while one of them stands. */
export function imageGallery(
  name: string,
  encryption: pulumi.Resource,
  site: AzureSite,
  opts: pulumi.CustomResourceOptions,
): ImageGallery {
  const { names, settings } = site;
  const group = new ResourceGroup(
    `${name}-group`,
    { resourceGroupName: names.imageGroup, location: settings.region, tags: tags() },
    { ...opts, dependsOn: [encryption] },
  );
  const shared = { resourceGroupName: group.name, location: settings.region, tags: tags() };
  const within = { ...opts, deletedWith: group };
  const gallery = new Gallery(
    `${name}-gallery`,
    { ...shared, galleryName: names.gallery, description: "Images whose smoke rebuild passed" },
    within,
  );
  const definition = new GalleryImage(
    `${name}-definition`,
    {
      ...shared,
      galleryName: gallery.name,
      galleryImageName: imageDefinition,
      identifier: { publisher: "logos", offer: "node", sku: "proof-gated" },
      osType: "Linux",
      // Each machine gets a name and a user of its own only from a generalized image.
      osState: "Generalized",
      architecture: "x64",
      // The default is Gen1, which a builder of Gen2 does not fit, and which knows no Trusted Launch.
      hyperVGeneration: "V2",
      features: [{ name: "SecurityType", value: "TrustedLaunchSupported" }],
    },
    within,
  );
  return { group, gallery, definition };
}
