#!/usr/bin/env python3
"""Writes the import files of samples/ and checks that they count to the published figures.

Deterministic: the same files on every run. Teams, names and dates are invented; communes are real;
the counts are those of published activity reports (see samples/README.md).
"""

import csv
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Départements of Grand Est with their share of the teams.
GRAND_EST = {"08": 5, "10": 5, "51": 10, "52": 4, "54": 13, "55": 4, "57": 17, "67": 19, "68": 14, "88": 9}

# What it wanted to reach, beside 45 and 153 open.
GRAND_EST_TARGETS = [
    {"reference": f"GE-{kind}", "libelle": label, "mesure": "ouvertes", "type": kind.lower(), "valeur": value, "echeance": "2023-12-31",
     "source": "Rapport d’activité 2021"}
    for kind, label, value in [("CDS", "Centres de santé ouverts", 54), ("MSP", "Maisons de santé ouvertes", 177)]
] + [
    {"reference": "GE-CPTS", "libelle": "Habitants couverts par une CPTS", "mesure": "part_population", "type": "cpts", "valeur": 100,
     "echeance": "2023-12-31", "source": "Rapport d’activité 2021"}
]  # fmt: skip

PATHS = {
    "msp": ["contact", "faisabilite", "pre_projet", "ecriture", "valide"],
    "esp": ["contact", "ecriture", "valide"],
    "cds": ["contact", "ecriture", "valide"],
}
TYPE_NAMES = {"msp": "MSP", "esp": "ESP", "cds": "Centre de santé"}
TEAM_NAMES = [
    "Les Tilleuls", "La Source", "Les Trois Ponts", "Le Moulin", "La Passerelle", "Les Coteaux", "Le Canal", "La Halle",
    "Le Lavoir", "Les Mirabelliers", "La Clairière", "Les Deux Rives", "Le Grand Pré", "La Tannerie", "Les Sapins",
    "Le Verger", "La Fontaine", "Les Remparts", "Le Vallon", "La Verrerie", "Les Noyers", "La Filature", "Le Belvédère",
    "Les Peupliers", "La Confluence", "Le Vieux Port", "Les Charmes", "La Grande Écluse", "L’Horloge", "Les Jardins",
]  # fmt: skip
AS_OF = date(2021, 12, 31)


def main():
    communes = read_communes()
    structures, states = grand_est(communes)
    check_grand_est(structures, states)
    teams, exchanges = pays_de_la_loire(communes)
    check_pays_de_la_loire(teams, exchanges)
    series = pays_de_la_loire_series()
    territories = auvergne_rhone_alpes()

    header = ["reference", "type", "nom", "departement", "commune"]
    write("grand-est-2021/structures.csv", header, structures)
    write("grand-est-2021/etats.csv", ["structure", "etat", "depuis"], states)
    write("grand-est-2021/cibles.csv", list(GRAND_EST_TARGETS[0]), GRAND_EST_TARGETS)
    write("pays-de-la-loire-2023/structures.csv", [*header, "etat", "depuis"], teams)
    write("pays-de-la-loire-2023/echanges.csv", list(exchanges[0]), exchanges)
    write("pays-de-la-loire-2023/series.csv", list(series[0]), series)
    write("auvergne-rhone-alpes/territoires.csv", list(territories[0]), territories)


def read_communes():
    """Département → its communes, the most populated first."""
    communes = {}
    with (ROOT / "Assets/geography/communes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            communes.setdefault(row["departement"], []).append(row)
    for rows in communes.values():
        rows.sort(key=lambda row: (-int(row["population_2017"] or 0), row["code_insee"]))
    return communes


def write(path, columns, rows):
    target = ROOT / "samples" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# Grand Est, 2021


def grand_est(communes):
    dice = random.Random(2021)
    structures, states = [], []
    for kind, running, planned in (("cds", 45, 8), ("msp", 153, 54), ("esp", 25, 53)):
        places = choose_places(dice, communes, running + planned)
        for number, (department, commune) in enumerate(places, start=1):
            team = structure("GE", kind, number, department, commune, dice)
            structures.append(team)
            history = running_history(dice, kind) if number <= running else planned_history(dice, kind)
            states += [{"structure": team["reference"], "etat": stage, "depuis": day.isoformat()} for stage, day in history]
    return structures, states


def choose_places(dice, communes, count):
    """As many distinct communes, spread over the départements by their share, in random order."""
    shares = spread(count)
    places = []
    for department, wanted in shares.items():
        largest = communes[department][: max(40, 3 * wanted)]
        places += [(department, commune) for commune in dice.sample(largest, wanted)]
    dice.shuffle(places)
    return places


def spread(count):
    """Largest remainders, at least one team in each département."""
    total = sum(GRAND_EST.values())
    exact = {department: count * share / total for department, share in GRAND_EST.items()}
    shares = {department: max(1, int(value)) for department, value in exact.items()}
    by_remainder = sorted(GRAND_EST, key=lambda department: int(exact[department]) - exact[department])
    for department in by_remainder * 2:
        if sum(shares.values()) < count:
            shares[department] += 1
    while sum(shares.values()) > count:
        shares[max(shares, key=shares.get)] -= 1
    return shares


def structure(region, kind, number, department, commune, dice):
    return {
        "reference": f"{region}-{kind.upper()}-{number:03d}",
        "type": kind,
        "nom": f"{TYPE_NAMES[kind]} {dice.choice(TEAM_NAMES)} – {commune['nom']}",
        "departement": department,
        "commune": commune["code_insee"],
    }


def running_history(dice, kind):
    """From first contact to open before the end of 2021; an MSP with its ACI five times in six."""
    day = date(2014, 1, 6) + timedelta(days=dice.randrange(1700))
    history = []
    for stage in PATHS[kind]:
        history.append((stage, day))
        day += timedelta(days=dice.randrange(60, 220))
    last = dice.choices(["aci", "ouverte"], weights=[5, 1])[0] if kind == "msp" else "ouverte"
    opened = min(day, AS_OF - timedelta(days=dice.randrange(20, 200)))
    if last == "aci" and dice.random() < 0.25:
        history.append(("ouverte", opened))
        opened = min(opened + timedelta(days=dice.randrange(30, 300)), AS_OF)
    history.append((last, opened))
    if last == "ouverte" and kind == "msp" and dice.random() < 0.3:
        history.append(("aci", date(2022, 1, 10) + timedelta(days=dice.randrange(300))))
    return history


def planned_history(dice, kind):
    """Somewhere before validation at the end of 2021; some go further in 2022, which the figures of 2021 must not see."""
    stages = [stage for stage in PATHS[kind] if stage != "valide"]
    reached = dice.randint(1, len(stages))
    day = date(2019, 2, 4) + timedelta(days=dice.randrange(300))
    history = []
    for stage in stages[:reached]:
        history.append((stage, day))
        day += timedelta(days=dice.randrange(40, 180))
    if reached == len(stages) and dice.random() < 0.4:
        history.append(("valide", date(2022, 2, 1) + timedelta(days=dice.randrange(280))))
    return history


def situation(kind, history, day):
    reached = [stage for stage, since in history if since <= day]
    if kind != "msp":
        return "fonctionnement" if "ouverte" in reached else "projet"
    if "aci" in reached:
        return "aci"
    return "hors_aci" if {"valide", "ouverte"} & set(reached) else "projet"


def check_grand_est(structures, states):
    counts = count_situations(structures, states, AS_OF)
    assert counts["cds", "fonctionnement"] == 45 and counts["cds", "projet"] == 8, counts
    assert counts["msp", "aci"] + counts["msp", "hors_aci"] == 153 and counts["msp", "projet"] == 54, counts
    assert counts["esp", "fonctionnement"] == 25 and counts["esp", "projet"] == 53, counts
    assert len({team["reference"] for team in structures}) == len(structures) == sum(counts.values()) == 338
    assert len({(team["nom"], team["departement"]) for team in structures}) == 338
    for kind in PATHS:
        assert {team["departement"] for team in structures if team["type"] == kind} <= set(GRAND_EST)
    assert {team["departement"] for team in structures} == set(GRAND_EST)
    for reference in (team["reference"] for team in structures):
        days = [state["depuis"] for state in states if state["structure"] == reference]
        assert days == sorted(set(days)) and days[0] <= AS_OF.isoformat(), reference
    for day in (AS_OF, date(2022, 12, 31)):
        print(f"Grand Est, {day}:")
        for (kind, name), count in sorted(count_situations(structures, states, day).items()):
            print(f"  {kind:4} {name:15} {count}")


def count_situations(structures, states, day):
    histories = {}
    for state in states:
        histories.setdefault(state["structure"], []).append((state["etat"], date.fromisoformat(state["depuis"])))
    return Counter((team["type"], situation(team["type"], histories[team["reference"]], day)) for team in structures)


# Pays de la Loire, 2023


def pays_de_la_loire(communes):
    dice = random.Random(2023)
    teams, exchanges = [], []
    numbers = Counter()
    subjects = {
        "montage_msp": "Projet de maison de santé : premières questions",
        "juridique_comptable": "Choix de la forme juridique",
        "travail_equipe": "Réunir les professionnels autour d’un projet commun",
        "cpts": "Lien avec la CPTS du secteur",
        "autres": "Recherche de locaux et de financements",
    }
    for department, count in (("44", 8), ("49", 3), ("85", 4), ("72", 3)):
        for commune in dice.sample(communes[department][10:80], count):
            kind = dice.choices(["msp", "esp"], weights=[3, 1])[0]
            numbers[kind] += 1
            day = date(2023, 1, 9) + timedelta(days=dice.randrange(340))
            day -= timedelta(days=max(0, day.weekday() - 4))  # not on a Saturday or a Sunday
            team = structure("PDL", kind, numbers[kind], department, commune, dice)
            teams.append({**team, "etat": "contact", "depuis": day.isoformat()})
            themes = dice.sample(list(subjects), dice.choices([1, 2], weights=[2, 1])[0])
            channel = dice.choices(["telephone", "courriel", "visio", "formulaire"], weights=[5, 3, 2, 2])[0]
            written = channel in ("courriel", "formulaire")
            exchanges.append(
                {
                    "reference": f"PDL-2023-{len(exchanges) + 1:03d}",
                    "date": day.isoformat(),
                    "canal": channel,
                    "structures": team["reference"],
                    "themes": "|".join(themes),
                    "objet": subjects[themes[0]],
                    "duree_minutes": dice.choice([5, 10, 15] if written else [20, 30, 45, 60]),
                    "nouvelle_equipe": "oui",
                }
            )
    return teams, exchanges


def check_pays_de_la_loire(teams, exchanges):
    department = {team["reference"]: team["departement"] for team in teams}
    assert len(department) == len(teams) == len(exchanges) == 18
    counts = Counter(department[exchange["structures"]] for exchange in exchanges)
    assert counts == {"44": 8, "49": 3, "85": 4, "72": 3}, counts
    since = {team["reference"]: team["depuis"] for team in teams}
    assert all(since[exchange["structures"]] == exchange["date"] for exchange in exchanges)
    assert all("2023-01-01" <= exchange["date"] <= "2023-12-31" for exchange in exchanges)
    print("Pays de la Loire, 2023:", dict(sorted(counts.items())))


def pays_de_la_loire_series():
    """The same figures as the report printed them, for a federation that has the report and not the exchanges."""
    counts = {"": 18, "departement=44": 8, "departement=49": 3, "departement=72": 3, "departement=85": 4}
    return [
        {
            "figure": "contacts.new_structures",
            "periode": "2023",
            "valeur": str(count),
            "source": "Rapport d’activité 2023",
            "dimensions": cell,
        }
        for cell, count in counts.items()
    ]


# Auvergne-Rhône-Alpes


def auvergne_rhone_alpes():
    territories = {
        "ouest": ("Ouest", ["03", "15", "43", "63"]),
        "est": ("Est", ["26", "38", "73", "74"]),
        "centre": ("Centre", ["01", "07", "42", "69"]),
    }
    return [
        {"code": code, "nom": name, "departement": department, "depuis": "2018-01-01", "jusqua": ""}
        for code, (name, departments) in territories.items()
        for department in departments
    ]


if __name__ == "__main__":
    main()
