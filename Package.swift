// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "Maillage",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "maillage", targets: ["maillage"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),

    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CXlsxWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCmark", providers: [.apt(["libcmark-gfm-dev"])]),
    .target(name: "CCurlShim", dependencies: ["CCurl"]),

    .target(name: "Markup", swiftSettings: strict),
    .target(name: "Drawing", dependencies: ["Markup"], swiftSettings: strict),
    .target(
      name: "Markdown", dependencies: ["CCmark"], swiftSettings: strict,
      // Its pkg-config file asks for extensions that Debian keeps in another package.
      linkerSettings: [.linkedLibrary("cmark-gfm")]),
    .target(
      name: "Documents",
      dependencies: [
        .product(name: "Subprocess", package: "swift-subprocess"), .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(name: "Mail", dependencies: ["CCurlShim", "Markdown"], swiftSettings: strict),
    .target(
      name: "Store",
      dependencies: [
        "CLibPQ", .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(name: "Tables", dependencies: ["CZlib", "CXlsxWriter"], swiftSettings: strict),
    .target(
      name: "Records",
      dependencies: ["Store", "Tables", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(
      name: "Federation",
      dependencies: [
        "Records", "Store", "Markdown", "CArgon2", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "WebSupport",
      dependencies: [
        "Markup",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
      ],
      swiftSettings: strict),
    .target(
      name: "Site",
      dependencies: [
        "WebSupport", "Federation", "Documents", "Drawing", "Markdown", "Markup", "Records", "Store", "Tables",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "maillage",
      dependencies: [
        "Site", "WebSupport", "Federation", "Documents", "Records", "Store", "Tables", "Mail",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport",
      dependencies: ["Store", "Records", "Federation", "Tables", .product(name: "Crypto", package: "swift-crypto")],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "StoreTests", dependencies: ["Store", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: strict),
    .testTarget(name: "TablesTests", dependencies: ["Tables", "CZlib"], exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(name: "MarkupTests", dependencies: ["Markup"], swiftSettings: strict),
    .testTarget(name: "MarkdownTests", dependencies: ["Markdown"], swiftSettings: strict),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Markup"], swiftSettings: strict),
    .testTarget(
      name: "MailTests", dependencies: ["Mail", "Markdown", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
      exclude: ["imap_server.py", "smtp_server.py"], swiftSettings: strict),
    .testTarget(
      name: "RecordsTests", dependencies: ["Records", "Store", "Tables", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "FederationTests",
      dependencies: ["Federation", "Records", "Store", "Tables", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SiteTests",
      dependencies: [
        "Site", "WebSupport", "Federation", "Documents", "Drawing", "Markdown", "Markup", "Records", "Store", "TestSupport",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["maillage", "TestSupport"], swiftSettings: strict),
  ]
)
