import type { Manifest } from '../manifests.ts';

type Field = [number: number, value: Buffer];

/**
 * helm stores its releases in Kubernetes' protobuf form. This reads as much of it as a Secret or a ConfigMap needs:
 * four bytes of magic, then runtime.Unknown{typeMeta, raw}.
 */
export function fromProtobuf(bytes: Buffer): Manifest {
  const unknown = fields(bytes.subarray(4));
  const kind = text(fields(one(unknown, 1)), 2);
  const content = fields(one(unknown, 2));
  const meta = fields(one(content, 1));
  const manifest: Manifest = {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: text(meta, 1),
      namespace: text(meta, 3),
      labels: map(meta, 11, String),
      annotations: map(meta, 12, String),
    },
  };
  const data = map(content, 2, (value) => (kind === 'Secret' ? value.toString('base64') : String(value)));
  return { ...manifest, data, ...(kind === 'Secret' && { type: text(content, 3) }) };
}

function fields(bytes: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varint();
      found.push([tag >> 3, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return found;
}

function one(from: Field[], number: number): Buffer {
  return from.find(([found]) => found === number)?.[1] ?? Buffer.alloc(0);
}

function text(from: Field[], number: number): string {
  return one(from, number).toString();
}

function map(from: Field[], number: number, value: (bytes: Buffer) => string): Record<string, string> {
  const entries = from.filter(([found]) => found === number).map(([, entry]) => fields(entry));
  return Object.fromEntries(entries.map((entry) => [text(entry, 1), value(one(entry, 2))]));
}
