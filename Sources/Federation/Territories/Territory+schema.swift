import Store

extension Territory {
  static let migration = Migration(
    "202611211010-territories",
    [
      "CREATE TABLE department (code \(.text) PRIMARY KEY, name \(.text) NOT NULL) \(sqlite: "STRICT", postgres: "")",
      """
      CREATE TABLE commune (
        code \(.text) PRIMARY KEY, name \(.text) NOT NULL, name_fold \(.text) NOT NULL,
        department \(.text) NOT NULL REFERENCES department (code),
        city \(.text) REFERENCES commune (code),
        latitude \(.real), longitude \(.real), population \(.int)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX commune_name ON commune (name_fold)",
      "CREATE TABLE territory (code \(.text) PRIMARY KEY, name \(.text) NOT NULL) \(sqlite: "STRICT", postgres: "")",
      // What was declared; `territory_span` is what follows from it.
      """
      CREATE TABLE territory_department (
        id \(.id) PRIMARY KEY,
        territory \(.text) NOT NULL REFERENCES territory (code),
        department \(.text) NOT NULL REFERENCES department (code),
        since \(.date) NOT NULL, until \(.date) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // What is in the bin does not stand in the way of what is entered anew.
      """
      CREATE UNIQUE INDEX territory_department_key ON territory_department (territory, department, since) WHERE removed_at IS NULL
      """,
      """
      CREATE TABLE territory_span (
        department \(.text) NOT NULL, since \(.date) NOT NULL, until \(.date) NOT NULL, territory \(.text) NOT NULL,
        PRIMARY KEY (department, since)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}
