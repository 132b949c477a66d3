#!/usr/bin/env python3
"""Writes TIFFs of random layout with random pixels into a folder, for GDAL and us to read: byte orders, classic and
BigTIFF, bit depths, sample formats, planes, strips and tiles of odd sizes, compressions, predictors, subsampled
colours, blocks in any order, tables of other types, blocks that were never written, and tags left out.
Only the standard library is used, so no reader's own habits get in.
Run: /usr/bin/python3 test/raster/robustness/makeLayouts.py FOLDER COUNT SEED"""
import os, random, struct, sys, zlib

folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
R = random.Random(seed)
CODE = {2: 's', 3: 'H', 4: 'I', 12: 'd', 16: 'Q'}

def pack_bits(data):
    out = bytearray()
    for i in range(0, len(data), 100):
        run = data[i:i + 100]
        out += bytes([257 - len(run) & 255]) + run[:1] if len(run) > 1 and len(set(run)) == 1 else bytes([len(run) - 1]) + run
    return bytes(out)

def layout():
    fmt = R.choice([1, 1, 1, 2, 3, 4])
    bits = R.choice({1: [*range(1, 18), 8, 8, 16, 16, 20, 23, 24, 25, 31, 32, 32, 64], 2: [4, 8, 12, 16, 32, 64],
                     3: [16, 24, 32, 32, 64], 4: [8, 16]}[fmt])
    samples = R.choice([1, 1, 1, 2, 3, 3, 4, 5])
    photo = R.choice([1, 1, 1, 0, 2 if samples >= 3 else 1, 3 if (samples, fmt) == (1, 1) and bits in (1, 2, 4, 8) else 1,
                      5 if samples == 4 and bits in (8, 16) else 1, 6 if samples == 3 and (fmt, bits) == (1, 8) else 1])
    comp = R.choice([1, 1, 8, 32946, 32773])
    whole = bits in (8, 16, 32, 64)
    pred = R.choice([1, 2, 3 if fmt == 3 else 2]) if comp == 8 and whole and photo != 6 else 1
    sub = R.choice([(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (4, 4)]) if photo == 6 else (1, 1)
    return fmt, bits, samples, photo, comp, pred, sub, 1 if photo in (5, 6) else R.choice([1, 1, 2])

def write(name):
    order, big = R.choice('<>'), R.random() < 0.25
    fmt, bits, samples, photo, comp, pred, (h, v), planar = layout()
    width, height = R.choice([1, 2, 3, 7, 16, 17, 31, 33, 64, 70]), R.choice([1, 2, 5, 16, 19, 33, 40])
    tiled = R.random() < 0.45
    block_w, block_h = (R.choice([16, 32, 48, 64]), R.choice([16, 16, 32, 48])) if tiled else (width, R.choice([1, 2, 3, height, height, height + 5, 8, 16]))
    if not tiled: block_h = (block_h + v - 1) // v * v
    across, down = -(-width // block_w), -(-height // block_h)
    blocks = []
    for plane in range(samples if planar == 2 else 1):
        for i in range(down * across):
            rows = block_h if tiled else min(block_h, height - i // across * block_h)
            row = (block_w * (1 if planar == 2 else samples) * bits + 7) // 8
            size = -(-block_w // h) * -(-rows // v) * (h * v + 2) if photo == 6 else row * rows
            raw = R.randbytes(size)
            if comp in (8, 32946): raw = zlib.compress(raw, R.choice([0, 1, 6]))
            if comp == 32773: raw = b''.join(pack_bits(raw[k:k + row]) for k in range(0, size, row))
            blocks.append(raw)
    if photo not in (5, 6) and R.random() < 0.05: blocks[R.randrange(len(blocks))] = b''

    fields, size_type = {}, R.choice([3, 4])
    def field(tag, kind, values, chance=1.0):
        if R.random() < chance: fields[tag] = (kind, values)
    field(256, size_type, [width]); field(257, size_type, [height])
    field(258, 3, [bits] * samples, 0.5 if bits == 1 else 1)
    field(259, 3, [comp], 0.8 if comp == 1 else 1)
    field(262, 3, [photo])
    if photo == 3: field(320, 3, [R.randrange(65536) for _ in range(3 << bits)])
    if photo == 6: field(530, 3, [h, v])
    if photo not in (5, 6): field(266, 3, [2], 0.1); field(274, 3, [R.choice([1, 3, 6, 8])], 0.3)
    field(277, 3, [samples], 1 if samples > 1 else 0.7)
    field(284, 3, [planar], 1 if planar == 2 else 0.8)
    field(339, 3, [fmt] * samples, 1 if fmt != 1 else 0.5)
    if pred != 1: field(317, 3, [pred])
    extra = samples - {2: 3, 6: 3, 5: 4}.get(photo, 1)
    if extra > 0: field(338, 3, [R.choice([0, 0, 1, 2]) for _ in range(extra)], 0.7)
    if R.random() < 0.5:
        field(33550, 12, [10.0, 10.0, 0.0]); field(33922, 12, [0.0, 0, 0, 500000.0, 5e6, 0])
        field(34735, 3, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, R.choice([1, 2]), 3072, 0, 1, 32633], 0.7)
    field(42113, 2, R.choice([b'0\0', b'255\0', b'-9999\0', b'nan\0', b'7 \0', b'abc\0', b'-1.#IND\0', b' 3\0']) if bits < 64 else b'5\0', 0.2)
    if tiled: field(322, size_type, [block_w]); field(323, size_type, [block_h])
    else: field(278, size_type, [block_h], 0.6 if block_h >= height else 1)

    body = bytearray(16 if big else 8)
    offsets, turn = [0] * len(blocks), list(range(len(blocks)))
    if R.random() < 0.3: R.shuffle(turn)
    for i in turn:
        if blocks[i]: body += b'\0' * (len(body) % 2); offsets[i] = len(body); body += blocks[i]
    kind = 16 if big and R.random() < 0.7 else 4
    field(324 if tiled else 273, kind, offsets)
    field(325 if tiled else 279, kind, [len(block) for block in blocks])

    body += b'\0' * (len(body) % 2)
    start, items = len(body), sorted(fields.items())
    inline, pointer = (8, 'Q') if big else (4, 'I')
    table, beyond = struct.pack(order + ('Q' if big else 'H'), len(items)), bytearray()
    after = start + len(table) + len(items) * (4 + 2 * inline) + inline
    for tag, (typ, values) in items:
        data = values if typ == 2 else struct.pack(order + CODE[typ] * len(values), *values)
        table += struct.pack(order + 'HH' + pointer, tag, typ, len(values))
        if len(data) <= inline: table += data.ljust(inline, b'\0')
        else: table += struct.pack(order + pointer, after + len(beyond)); beyond += data + b'\0' * (len(data) % 2)
    body += table + b'\0' * inline + beyond
    mark = b'II' if order == '<' else b'MM'
    body[:inline * 2] = mark + (struct.pack(order + 'HHHQ', 43, 8, 0, start) if big else struct.pack(order + 'HI', 42, start))
    with open(os.path.join(folder, name), 'wb') as file: file.write(body)

for n in range(count): write(f'{n:04d}.tif')
