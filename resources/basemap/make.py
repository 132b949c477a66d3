"""Writes world.json: Natural Earth's coastlines and borders (1 : 50 million) as lines of hundredths of a degree,
the first position of each followed by steps.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 make.py package/countries-50m.json

Each arc of the topology is one coast or one border, and occurs once, however many countries share it.
"""
import json
import sys
from pathlib import Path

with open(sys.argv[1]) as file:
    topology = json.load(file)
(scale_x, scale_y), (origin_x, origin_y) = topology["transform"]["scale"], topology["transform"]["translate"]
lines = []
for arc in topology["arcs"]:
    x = y = 0
    at = [0, 0]
    line = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        place = [round(100 * (x * scale_x + origin_x)), round(100 * (y * scale_y + origin_y))]
        if place != at or not line:
            line += [place[0] - at[0], place[1] - at[1]]
        at = place
    if len(line) > 2:
        lines.append(line)
out = Path(__file__).with_name("world.json")
out.write_text(json.dumps({"lines": lines}, separators=(",", ":")))
print(len(lines), "lines,", sum(map(len, lines)) // 2, "positions,", out.stat().st_size, "bytes")
