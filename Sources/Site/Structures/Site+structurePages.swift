import Federation
import Markup

extension Site {
  /// What only a CPTS has: the communes that it claims, and since when.
  private static let coverage = ["communes_couvertures", "perimetre_depuis"]

  /// Making a structure, and changing it.
  var structurePages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("nom", isWide: true), .init("type"), .init("departement"),
      .init("commune", help: "Commencez son nom, ou donnez son code INSEE."),
      .init("etat", label: "Étape"), .init("depuis", label: "Depuis le"), .init("adresse"),
      .init("code_postal"), .init("telephone"), .init("courriel"), .init("site_web"), .init("finess"), .init("siret"),
      .init("nb_professionnels"), .init("nb_medecins"), .init("logiciel"), .init("niveau_logiciel"),
      .init("logiciel_depuis"),
      .init(
        "rythme_suivi", label: "Rythme de suivi", unit: "mois",
        empty: StructureColumns.ownRhythm, zero: StructureColumns.noRhythm),
      .init(Self.coverage[0], isWide: true, help: "Leurs noms ou leurs codes INSEE, l’un après l’autre."),
      .init(
        Self.coverage[1], label: "Périmètre depuis le",
        help: "Pour un nouveau périmètre, changez les communes et ce jour : l’ancien reste celui d’avant. Sinon, c’est une correction.",
        empty: "toujours"),
      .init("etiquettes", isWide: true, help: "Vos mots à vous, séparés par des virgules\u{A0}: « Site pilote, À visiter »."),
      .init("notes"),
      .init("reference", help: "Celle de la fédération ; laissée vide, elle est donnée."),
    ]
    return RecordPages(
      site: self, kind: "structures", path: "/structures", place: .structures, area: .directory,
      words: RecordWords(list: "Structures", new: "Nouvelle structure", change: "Modifier la structure") {
        $0["nom", default: "Structure"]
      },
      layouts: layouts,
      shown: { entries, _, _ in
        let claims = entries["type"] == StructureType.cpts.rawValue || !entries[Self.coverage[0], default: ""].isEmpty
        return claims ? nil : layouts.filter { !Self.coverage.contains($0.name) }
      },
      isMerged: true,
      batched: [
        .init(
          "rythme_suivi", label: "Rythme de suivi", unit: "mois",
          empty: StructureColumns.ownRhythm, zero: StructureColumns.noRhythm),
        .init("logiciel", label: "Logiciel"), .init("niveau_logiciel", label: "Niveau du logiciel"),
      ],
      cells: ["rythme_suivi"],
      selected: { request, frame, connection in try StructureList(site: self).selected(request, frame, connection) })
  }
}
