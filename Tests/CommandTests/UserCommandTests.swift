import Foundation
import Store
import TestSupport
import Testing

struct UserCommandTests {
  @Test(arguments: Engine.allCases) func anAccountIsMadeOnce(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let made = try await program.run("user", "create", "--email", "Odile.Marchandet@Exemple.fr", "--role", "direction")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.lines.first == "Compte créé : odile.marchandet@exemple.fr (Direction)")
    let password = try #require(made.lines.last?.components(separatedBy: "Mot de passe : ").last)
    #expect(made.lines.count == 2 && password.count >= 12)
    let again = try await program.run("user", "create", "--email", "odile.marchandet@exemple.fr", "--role", "ca")
    #expect(again.isRefusal, "\(again.errors)")
    #expect(again.output.isEmpty)
    let other = try await program.run("user", "create", "--email", "autre@exemple.fr", "--role", "ca")
    #expect(other.lines.last?.components(separatedBy: "Mot de passe : ").last != password)
  }

  @Test(arguments: Engine.allCases) func accountsAreListedAndGetAnotherPassword(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    #expect(try await program.run("user", "list").text.contains("Aucun compte"))
    try await program.makeAccount()
    let listed = try await program.run("user", "list")
    #expect(listed.lines == ["\(Program.email)  Odile Marchandet  direction  actif  jamais connecté"])
    let drawn = try await program.run("user", "password", "Odile.Marchandet@exemple.fr ")
    #expect(drawn.status == 0 && drawn.lines.count == 2 && drawn.lines[1].hasPrefix("Mot de passe : "), "\(drawn.errors)")
    let given = try await program.run("user", "password", Program.email, "--password-stdin", input: "une phrase secrète\n")
    #expect(given.text == "Mot de passe changé ; les sessions du compte sont fermées.\n")
    #expect(try await program.run("user", "password", "personne@exemple.fr").isRefusal)
    #expect(try await program.run("user", "password", Program.email, "--password-stdin", input: "court\n").isRefusal)
  }

  @Test(arguments: Engine.allCases) func anAccountMayHaveFurtherRoles(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let made = try await program.run(
      "user", "create", "--email", "a@exemple.fr", "--role", "ca", "--autre-role", "communication", "--autre-role", "assistance")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try await program.run("user", "list").lines == ["a@exemple.fr  A  ca,assistance,communication  actif  jamais connecté"])
    #expect(try await program.run("user", "create", "--email", "b@exemple.fr", "--role", "ca", "--autre-role", "roi").isRefusal)
    // Nobody is told that something was taken away which was not there.
    for email in ["a@exemple.fr", "personne@exemple.fr"] { #expect(try await program.run("user", "reset-code", email).isRefusal) }
  }

  @Test(arguments: Engine.allCases) func aPasswordFromStandardInputIsNotRepeated(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    let run = try await program.run(
      "user", "create", "--email", "a@exemple.fr", "--role", "charge_mission", "--password-stdin", input: "une phrase secrète\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text == "Compte créé : a@exemple.fr (Chargé(e) de mission)\n")
  }

  @Test(arguments: [
    (["--email", "a@exemple.fr", "--role", "chef"], "mot de passe assez long\n"),
    (["--email", "pas une adresse", "--role", "ca"], "mot de passe assez long\n"),
    (["--email", "<b>@exemple.fr", "--role", "ca"], "mot de passe assez long\n"),
    (["--email", "", "--role", "ca"], "mot de passe assez long\n"),
    (["--email", "a@exemple.fr", "--role", "ca"], "trop court\n"), (["--email", "a@exemple.fr", "--role", "ca"], ""),
    (["--email", "a@exemple.fr", "--role", "ca"], String(repeating: "x", count: 2_000)),
    (["--email", "a@exemple.fr", "--role", "referent", "--territoire", "nulle-part"], "mot de passe assez long\n"),
    (["--email", "a@exemple.fr", "--role", "membre_equipe", "--structure", "X-1"], "mot de passe assez long\n"),
  ]) func whatCannotBeAnAccountIsRefused(_ arguments: [String], _ input: String) async throws {
    let program = try await Program.ready(.sqlite)
    let running = try program.start(["user", "create"] + arguments + ["--password-stdin"], input: input)
    await running.end()
    #expect(running.outcome.isRefusal, "\(running.outcome.errors)")
    #expect(running.outcome.output.isEmpty)
    // Nothing was made: the address is still free.
    let later = try await program.run("user", "create", "--email", "a@exemple.fr", "--role", "ca")
    #expect(later.status == 0)
  }
}
