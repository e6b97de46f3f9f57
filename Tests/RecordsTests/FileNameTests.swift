import Records
import Testing

struct FileNameTests {
  @Test func namesAreReducedToWhatTheySay() {
    for (name, cleaned) in [
      ("bilan.pdf", "bilan.pdf"), ("../../etc/passwd", "passwd"), ("C:\\Mes documents\\Équipes 2026.xlsx", "Équipes 2026.xlsx"),
      ("fac\u{202E}fdp.exe", "facfdp.exe"), ("a\u{0}b\r\nc.txt", "abc.txt"), ("  .htaccess ", "htaccess"), ("", "fichier"),
      ("..", "fichier"), ("/", "fichier"), ("e\u{301}quipe.csv", "équipe.csv"), ("\u{200B}\u{2066}", "fichier"),
    ] {
      #expect(FileName.cleaned(name) == cleaned, "\(cleaned)")
    }
    let long = FileName.cleaned(String(repeating: "é", count: 500) + ".pdf")
    #expect(long.count == 120 && long.hasSuffix("é.pdf"))
  }
}
