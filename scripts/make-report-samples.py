#!/usr/bin/env python3
"""Writes the import files of samples/rapport-*: what each report prints, as `tri.csv` of its folder sorts it.

Deterministic: the same files on every run. Values taken over come from `tri.csv` alone; teams, partners, meetings and people
are invented over real communes, in the numbers that `tri.csv` asks of the records.
"""

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
MONDAYS = [date(2023, 1, 9) + timedelta(weeks=week) for week in range(50)]
MEETINGS = ["reunion", "visio", "visite"]
TEAMS = {"msp": "MSP", "esp": "ESP", "cpts": "CPTS", "cds": "Centre de santé", "esp_clap": "ESP-CLAP"}
PEOPLE = [
    ("Baudrillon", "Maïwenn", "infirmier"), ("Cazenabe", "Florian", "medecin_generaliste"), ("Delorgues", "Inaya", "orthophoniste"),
    ("Esnaudier", "Loïc", "masseur_kinesitherapeute"), ("Ferrolac", "Mathilde", "pharmacien"), ("Grisolan", "Yanis", "infirmier"),
    ("Hennequet", "Solveig", "sage_femme"), ("Jourdevin", "Alban", "medecin_generaliste"), ("Kerlazec", "Nour", "infirmier"),
    ("Lavergnot", "Émilie", "psychologue"), ("Morvandel", "Tom", "podologue"), ("Naudinet", "Salomé", "dieteticien"),
]  # fmt: skip


def main():
    auvergne_rhone_alpes("rapport-auvergne-rhone-alpes-2023")
    pays_de_la_loire("rapport-pays-de-la-loire-2023")


# What was printed


def printed(folder):
    with (SAMPLES / folder / "tri.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def value(rows, figure, cell="", year="2023"):
    """The printed value that records have to make up."""
    wanted = [row for row in rows if (row["chiffre"], row["filtres"], row["annee"]) == (figure, cell, year)]
    assert wanted and len({row["valeur"] for row in wanted}) == 1, (figure, cell, year)
    return int(wanted[0]["valeur"])


def series(rows, source):
    """One line for each cell. Of meetings, parts make the total of a nature, and natures that of all, where the report prints none."""
    cells, added = {}, defaultdict(float)
    whole_counts = {(row["annee"], row["filtres"]) for row in rows if row["chiffre"] == "events.count"}
    for row in rows:
        key = (row["chiffre"], row["annee"], row["filtres"])
        if row["traitement"] == "somme":
            added[key] += float(row["valeur"])
            # Unless the report says how many meetings its lines stand for.
            if (key[1], key[2].split("|")[0]) not in whole_counts:
                added["events.count", key[1], key[2]] += 1
        elif row["traitement"] == "serie":
            assert cells.setdefault(key, float(row["valeur"])) == float(row["valeur"]), key
    cells = {**added, **cells}
    # Where only the participants of a meeting are printed, it is one meeting.
    for figure, year, cell in list(cells):
        if figure == "events.participations" and (year, cell.split("|")[0]) not in whole_counts:
            cells.setdefault(("events.count", year, cell), 1)
    for parts, whole in ((2, lambda cell: cell.split("|")[0]), (1, lambda cell: "")):
        totals = defaultdict(float)
        for (figure, year, cell), number in cells.items():
            if figure in ("events.count", "events.participations") and cell.count("|") == parts - 1 and cell:
                if parts == 1 and year != "2023":
                    continue  # Of other years the report prints some meetings only.
                totals[figure, year, whole(cell)] += number
        cells = {**totals, **cells}
    lines = [line(key, number, source) for key, number in cells.items()]
    return sorted(lines, key=lambda row: (row["figure"], row["periode"], row["dimensions"]))


def line(key, number, source):
    text = str(int(number)) if number == int(number) else str(number).replace(".", ",")
    return {"figure": key[0], "periode": key[1], "valeur": text, "source": source, "dimensions": key[2]}


# What is invented to make up the rest


class Places:
    """The communes of départements, the most populated first, one team of a type in each."""

    def __init__(self, departments):
        self.communes = defaultdict(list)
        with (ROOT / "Assets/geography/communes.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                if row["departement"] in departments:
                    self.communes[row["departement"]].append(row)
        for rows in self.communes.values():
            rows.sort(key=lambda row: (-int(row["population_2017"] or 0), row["code_insee"]))
        self.taken = defaultdict(int)

    def codes(self, department):
        return [row["code_insee"] for row in self.communes[department]]

    def team(self, prefix, kind, department):
        place = self.communes[department][self.taken[kind, department]]
        self.taken[kind, department] += 1
        self.taken[kind] += 1
        article = {"Le ": "du ", "Les ": "des "}
        name = place["nom"]
        name = next((to + name[len(of) :] for of, to in article.items() if name.startswith(of)), joined(name))
        reference = f"{prefix}-{kind.upper().replace('_', '-')}-{self.taken[kind]:03}"
        return {
            "reference": reference, "type": kind, "nom": f"{TEAMS[kind]} {name}", "departement": department, "commune": place["code_insee"],
        }  # fmt: skip


def joined(name):
    return f"d’{name}" if name[0] in "AEÉÈIOUYÎÂ" else f"de {name}"


def states(team, *steps):
    return [{"structure": team["reference"], "etat": state, "depuis": str(day)} for state, day in steps]


def running(dice, team, contact):
    """A team that was validated before 2023 and works."""
    valid = contact + timedelta(days=dice.randrange(300, 700))
    opened = "aci" if team["type"] in ("msp", "cpts") and dice.random() < 0.8 else "ouverte"
    return states(team, ("contact", contact), ("valide", valid), (opened, valid + timedelta(days=dice.randrange(60, 240))))


def planned(dice, team, contact):
    return states(team, ("contact", contact), ("ecriture", contact + timedelta(days=dice.randrange(120, 400))))


def meeting(dice, index, prefix, nature, partners, topics="", subject="Point sur les projets en cours"):
    day = MONDAYS[index % len(MONDAYS)] + timedelta(days=dice.randrange(4))
    return {
        "reference": f"{prefix}-{index + 1:03}", "date": str(day), "canal": MEETINGS[index % 2], "structures": "",
        "organisations": partners, "personnes": "", "themes": topics, "nature": nature, "objet": subject,
        "duree_minutes": 60 + 30 * (index % 3), "nouvelle_equipe": "",
    }  # fmt: skip


def auvergne_rhone_alpes(folder):
    rows, dice = printed(folder), random.Random(2023)
    territories = {"ouest": ["03", "15", "43", "63"], "est": ["26", "38", "73", "74"], "centre": ["01", "07", "42", "69"]}
    departments = sorted(code for codes in territories.values() for code in codes)
    places = Places(departments)
    write(folder, "01-territoires", [
        {"code": code, "nom": code.capitalize(), "departement": department, "depuis": "2018-01-01"}
        for code, members in territories.items() for department in members
    ])  # fmt: skip
    write(folder, "02-organisations", [{"reference": "ARS-ARA", "nature": "ars", "nom": "ARS Auvergne-Rhône-Alpes", "departements": ""}] + [
        {"reference": f"{code}-{department}", "nature": nature, "nom": f"{name} ({department})", "departements": department}
        for department in departments
        for code, nature, name in (("ARS", "ars_delegation", "Délégation départementale de l’ARS"), ("CPAM", "cpam", "Assurance maladie"))
    ])  # fmt: skip

    # The projects that were validated in the year, then the others, up to the first number that is more than the printed one.
    teams, dated = [], []
    validated = [("esp", "63"), ("esp", "43"), ("cds", "63"), ("cds", "15")]
    counts = {(kind, place): value(rows, "structures.validations", f"type={kind}|departement={place}") for kind, place in validated}
    msp = value(rows, "structures.validations", "type=msp|territoire=ouest")
    for index in range(msp):
        counts["msp", territories["ouest"][index % 4]] = counts.get(("msp", territories["ouest"][index % 4]), 0) + 1
    for (kind, place), number in counts.items():
        for _ in range(number):
            team = places.team("ARA", kind, place)
            teams.append(team)
            valid = date(2023, 2, 1) + timedelta(days=dice.randrange(300))
            dated += states(team, ("contact", valid - timedelta(days=dice.randrange(300, 700))), ("valide", valid))
    covering = {"03": 3, "43": 2}
    wanted = 1 + value(rows, "structures.count", "type=esp|type=msp|type=cpts") - sum(1 for team in teams if team["type"] != "cds")
    kinds = [("cpts", place) for place in departments for _ in range(covering.get(place, 7))]
    while len(kinds) < wanted:
        index = len(kinds)
        kinds.append(("esp" if index % 6 == 0 else "msp", departments[index % 12]))
    for kind, place in kinds[:wanted]:
        team = places.team("ARA", kind, place)
        teams.append(team)
        contact = date(2015, 1, 5) + timedelta(days=dice.randrange(2000))
        dated += (planned if dice.random() < 0.25 else running)(dice, team, contact)
    # The CPTS of two départements claim nearly all of their communes.
    for place, number in covering.items():
        own = [team for team in teams if team["type"] == "cpts" and team["departement"] == place]
        codes = places.codes(place)[:-6]
        for index, team in enumerate(own):
            team["communes_couvertures"] = "|".join(codes[index::number])
    write(folder, "03-structures", [{"communes_couvertures": "", **team} for team in teams], last="communes_couvertures")
    write(folder, "04-etats", dated)

    first, second = "Rencontre partenariale (première série)", "Rencontre partenariale (seconde série)"
    tripartite = value(rows, "contacts.partner_meetings", "theme=Réunion tripartite")
    exchanges = []
    for nature in (first, second):
        for index in range(value(rows, "contacts.partner_meetings", f"nature={nature}")):
            place = departments[index % 12]
            is_tripartite = nature == second and index < tripartite
            partners = f"ARS-{place}|CPAM-{place}" if is_tripartite else ["ARS-ARA", f"CPAM-{place}", f"ARS-{place}"][index % 3]
            exchanges.append(meeting(dice, len(exchanges), "ARA-2023", nature, partners, "Réunion tripartite" if is_tripartite else ""))
    assert len(exchanges) == value(rows, "contacts.partner_meetings")
    write(folder, "05-echanges", exchanges)
    write(folder, "06-series", series(rows, "Rapport d’activité 2023, FemasAURA&Co"))


def pays_de_la_loire(folder):
    rows, dice = printed(folder), random.Random(85)
    departments = ["44", "49", "53", "72", "85"]
    places = Places(departments)
    write(folder, "02-organisations", [{"reference": "ARS-PDL", "nature": "ars", "nom": "ARS Pays de la Loire", "departements": ""}] + [
        {"reference": f"CATS-{department}", "nature": "ars_delegation", "nom": f"Comité d’accompagnement territorial ({department})",
         "departements": department} for department in departments
    ])  # fmt: skip
    teams, dated, types, exchanges = [], [], [], []

    def add(kind, place):
        teams.append(places.team("PDL", kind, place))
        return teams[-1]

    def note(day, channel, members, nature="", subject="", people="", new=""):
        exchanges.append({
            "reference": f"PDL-2023-{len(exchanges) + 1:03}", "date": str(day), "canal": channel,
            "structures": "|".join(team["reference"] for team in members), "organisations": "", "personnes": people, "themes": "",
            "nature": nature, "objet": subject, "duree_minutes": 30 if channel == "telephone" else 120, "nouvelle_equipe": new,
        })  # fmt: skip

    for place in departments:
        wanted = [row for row in rows if (row["chiffre"], row["filtres"]) == ("contacts.new_structures", f"departement={place}")]
        for _ in range(int(wanted[0]["valeur"]) if wanted else 0):
            team = add("msp", place)
            day = MONDAYS[dice.randrange(46)] + timedelta(days=dice.randrange(4))
            dated += states(team, ("contact", day))
            note(day, "telephone", [team], subject="Demande de renseignements sur l’exercice coordonné", new="oui")
    assert len(exchanges) == value(rows, "contacts.new_structures")

    # Workshops on the project: each of them an exchange with its teams.
    nature = "Atelier d’écriture du projet de santé"
    writers = [add("msp", departments[index % 5]) for index in range(value(rows, "contacts.structures", f"nature={nature}"))]
    for team in writers:
        dated += states(team, ("contact", date(2022, 3, 7)), ("ecriture", date(2022, 11, 7)))
    workshops = value(rows, "contacts.count", f"nature={nature}")
    for index in range(workshops):
        note(MONDAYS[4 + 8 * index], "reunion", writers[index::workshops], nature, "Écrire le projet de santé à plusieurs équipes", new="non")

    nature = "Passage d’ESP-CLAP en MSP"
    validated = [2023] * value(rows, "structures.validations", "type=msp") + [2024] * value(rows, "structures.validations", "type=msp", "2024")
    assert len(validated) == value(rows, "contacts.structures", f"nature={nature}")
    for index, year in enumerate(validated):
        team = add("esp_clap", ["49", "85", "72"][index])
        valid = date(year, 6 - index, 12)
        dated += states(team, ("contact", date(2019, 9, 2)), ("ouverte", date(2020, 9, 1)), ("ecriture", date(2022, 9, 5)), ("valide", valid))
        types.append({"structure": team["reference"], "type": "msp", "depuis": str(valid)})
        note(MONDAYS[6 + index], "visite", [team], nature, "Préparer le passage en maison de santé", new="non")

    def accompanied(nature, members, sittings, channel, subject, people=""):
        """Teams that work already, through so many sittings."""
        for team in members:
            dated.extend(running(dice, team, date(2016, 2, 1) + timedelta(days=dice.randrange(1200))))
        for index in range(sittings):
            note(MONDAYS[5 + 7 * index] + timedelta(days=len(exchanges) % 4), channel, members, nature, subject, people, new="non")

    nature = "Accompagnement SECPA"
    for place in ("44", "72"):
        number = value(rows, "contacts.structures", f"nature={nature}|departement={place}")
        accompanied(nature, [add("msp", place) for _ in range(number)], 1, "reunion", "Faire place aux usagers dans l’équipe")
    for nature, subject in (
        ("Atelier d’écriture de protocole", "Écrire un protocole pluriprofessionnel"),
        ("Atelier d’écriture d’une action de prévention", "Monter une action de prévention"),
        ("Groupe de travail sur les usagers", "Associer les usagers"),
        ("Évolution du projet de santé", "Faire évoluer le projet de santé"),
    ):
        members = [add("msp", departments[index]) for index in range(value(rows, "contacts.structures", f"nature={nature}"))]
        people = ""
        if nature.startswith("Évolution"):
            assert len(PEOPLE) == value(rows, "contacts.people", f"nature={nature}")
            people = "|".join(f"PDL-P{number:02}" for number in range(1, len(PEOPLE) + 1))
            own = members[0]["reference"]
        accompanied(nature, members, value(rows, "contacts.count", f"nature={nature}"), "visite", subject, people)

    nature = "Réunion de représentation"
    for index in range(value(rows, "contacts.partner_meetings", f"nature={nature}")):
        partner = "ARS-PDL" if index % 2 == 0 else f"CATS-{departments[index // 2 % 5]}"
        exchanges.append(meeting(dice, index, "PDL-2023-R", nature, partner, subject="Représenter les équipes dans l’instance"))

    write(folder, "03-structures", teams)
    write(folder, "04-etats", dated)
    write(folder, "05-types", types)
    write(folder, "06-personnes", [
        {"reference": f"PDL-P{number:02}", "nom": name, "prenom": first, "profession": profession, "structures": own}
        for number, (name, first, profession) in enumerate(PEOPLE, start=1)
    ])  # fmt: skip
    write(folder, "07-echanges", exchanges)
    write(folder, "08-series", series(rows, "Rapport d’activité 2023, APMSL"))


def write(folder, name, rows, last=None):
    columns = [column for column in rows[0] if column != last] + ([last] if last else [])
    with (SAMPLES / folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
