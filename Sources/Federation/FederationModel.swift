import Records

extension Model {
  /// The whole house: adding a capability adds one line here and one in the site's sections.
  public static func federation(geography: Geography) -> Model {
    let facts: [Capability] = [
      .identity,
      .territories(geography),
      .structures,
      .organisations,
      .people,
      .personalData,
      .support,
      .tasks,
      // Before what gives its lines: a merge leads them first.
      .volunteering,
      .expenses,
      .meetings,
      .facilitation,
      .commissions,
      .programmes,
      .introductions,
      .readings,
      .questions,
      .portfolios,
      .firstContacts,
      .letters,
      .comments,
      .receivedMails,
      .sheetConfirmations,
      .targets,
      .reported,
    ]
    return Model(facts + [.activityReport(facts.flatMap(\.figures)), .views])
  }
}
