/** Slots and MiB. */
export interface Size {
  readonly cpus: number;
  readonly memoryMb: number;
}

/** Room on one node. */
export interface Bin {
  cpus: number;
  memoryMb: number;
  /** Nothing runs on it, nor is placed: what shares with nobody may go there. */
  empty: boolean;
  used: boolean;
}

/** A job as it is placed: the same share on each of `nodes` different nodes. */
export interface Parcel extends Size {
  readonly id: string;
  readonly nodes: number;
  readonly exclusive: boolean;
}

/**
 * Best-fit decreasing: the largest parcels first, each where it leaves the least room, a new node where none has any.
 * Opens nodes of `shape` as it needs them, and marks the bins it uses. Answers the ids of the parcels that did not fit
 * within `most` bins in all.
 */
export function pack(parcels: readonly Parcel[], bins: Bin[], shape: Size, most: number): readonly string[] {
  const left: string[] = [];
  for (const parcel of parcels.toSorted((one, other) => compare(one, other, shape))) {
    const fitting = bins
      .filter((bin) => fits(parcel, bin))
      .toSorted((one, other) => room(one, shape) - room(other, shape))
      .slice(0, parcel.nodes);
    const missing = parcel.nodes - fitting.length;
    if (bins.length + missing > most) {
      left.push(parcel.id);
      continue;
    }
    for (let opened = 0; opened < missing; opened += 1) {
      const bin: Bin = { ...shape, empty: true, used: false };
      bins.push(bin);
      fitting.push(bin);
    }
    for (const bin of fitting) place(parcel, bin);
  }
  return left;
}

function fits(parcel: Parcel, bin: Bin): boolean {
  if (parcel.exclusive) return bin.empty && parcel.cpus <= bin.cpus && parcel.memoryMb <= bin.memoryMb;
  return parcel.cpus <= bin.cpus && parcel.memoryMb <= bin.memoryMb;
}

function place(parcel: Parcel, bin: Bin): void {
  bin.cpus = parcel.exclusive ? 0 : bin.cpus - parcel.cpus;
  bin.memoryMb = parcel.exclusive ? 0 : bin.memoryMb - parcel.memoryMb;
  bin.empty = false;
  bin.used = true;
}

/** Room as the larger of the two shares of a node. */
function room(size: Size, shape: Size): number {
  return Math.max(size.cpus / shape.cpus, size.memoryMb / shape.memoryMb);
}

/** Largest first; between equals the one on more nodes, then by id, so that the order of the queue does not matter. */
function compare(one: Parcel, other: Parcel, shape: Size): number {
  const share = (parcel: Parcel) => (parcel.exclusive ? 1 : room(parcel, shape));
  return share(other) - share(one) || other.nodes - one.nodes || (one.id < other.id ? -1 : 1);
}
