@testable import Federation

/// What Chromium 156's virtual authenticator answered on `http://localhost:8984`, for each way of signing: the making of a passkey, then
/// an entrance with it. The questions were 32 times 7, then 32 times 9.
struct RecordedPasskey: Sendable {
  let algorithm: PasskeyPublicKey.Algorithm
  let credential: String
  let madeClientData: String
  let object: String
  let clientData: String
  let authenticatorData: String
  let signature: String

  static let holder = "MDAwMDAwMDAwMDAwMQ"

  static let all = [
    RecordedPasskey(
      algorithm: .es256,
      credential: "AmYeaUMYZX8HoKwA7RSXae8TPumqf5FCuXRRzbNlF9M",
      madeClientData: """
        eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3YyIsIm9yaW\
        dpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODk4NCIsImNyb3NzT3JpZ2luIjpmYWxzZX0
        """,
      object: """
        o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAIAJmHm\
        lDGGV_B6CsAO0Ul2nvEz7pqn-RQrl0Uc2zZRfTpQECAyYgASFYIMXJVIiWD2Igwy1yh43LEIzw_jS8Zo3t13mJl-iengKPIlggXGPBxJHIiqxI6iFmjcIA\
        ZAGtnnnW7rcuAGXzlX-vDRs
        """,
      clientData: """
        eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQ1FrSkNRa0pDUWtKQ1FrSkNRa0pDUWtKQ1FrSkNRa0pDUWtKQ1FrSkNRayIsIm9yaWdpbi\
        I6Imh0dHA6Ly9sb2NhbGhvc3Q6ODk4NCIsImNyb3NzT3JpZ2luIjpmYWxzZX0
        """,
      authenticatorData: "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAg",
      signature: """
        MEUCIQDZRB5f8QtSMbIzrowJ_Hzlqi76NiP3_L0CqZ68lDp8PgIgePBEDAzVqdFrOJOjwkrMDvujVTjjJf36soYc5XFxGhA
        """),
    RecordedPasskey(
      algorithm: .eddsa,
      credential: "xzF5LWq1AaPS3wPII6OzmyTpv2he5HpD9tOntAQZgBI",
      madeClientData: """
        eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3YyIsIm9yaW\
        dpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODk4NCIsImNyb3NzT3JpZ2luIjpmYWxzZX0
        """,
      object: """
        o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViBSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAIMcxeS\
        1qtQGj0t8DyCOjs5sk6b9oXuR6Q_bTp7QEGYASpAEBAycgBiFYIKaKXRiDoP9yForrRspyvR8QjrYKtYJvDyhJC_aqGToh
        """,
      clientData: """
        eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQ1FrSkNRa0pDUWtKQ1FrSkNRa0pDUWtKQ1FrSkNRa0pDUWtKQ1FrSkNRayIsIm9yaWdpbi\
        I6Imh0dHA6Ly9sb2NhbGhvc3Q6ODk4NCIsImNyb3NzT3JpZ2luIjpmYWxzZX0
        """,
      authenticatorData: "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAg",
      signature: """
        RhS4bCAPJq35Wd1sxhkIv-E-S93pyw-LPk0gznk5M-yeX1eJV87ip8YiKXQrnMes0MIawc26960gs03Xc2ajCA
        """),
    RecordedPasskey(
      algorithm: .rs256,
      credential: "NGilF32giKptA7ojgqbEAFOXKMJMFBzyuq3No_bBHtM",
      madeClientData: """
        eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3Y0hCd2NIQndjSEJ3YyIsIm9yaW\
        dpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODk4NCIsImNyb3NzT3JpZ2luIjpmYWxzZX0
        """,
      object: """
        o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBZ0mWDeWIDoxodDQXD2R2YFuP5K65ooYyx5lc87qDHZdjRQAAAAEBAgMEBQYHCAECAwQFBgcIACA0aK\
        UXfaCIqm0DuiOCpsQAU5cowkwUHPK6rc2j9sEe06QBAwM5AQAgWQEA0508J4LEmlxEy2IHTwlBnlUvyPVqc-e_6DHI87Izkab7nNZDzFh3XelLjokAqH0N\
        fi7U0V9JgDNFPBiCyt6_cHBu8PuLx2Q60PRNCI7mog9W-a18Cfsc1JIaYoALPMs69qZPa02rsDKIWO3TuBUVtYWc4qYLanOTq2xCEZ5GccQUkRAIKLpsQt\
        0QNjjUOgcv9-Sr0nwGf4u4R09x4B1XHYX2b4Z2J9L44bdbScJtKgS3TUbSy1E3tlPWqAl9Ud_iSqmF9DYlOnE1rVWEc384YJGUF4R4fg5BMzSpDIOY_k2u\
        6gA2iBnde8ytoBpv-rHScVPUnkSrDQv19p4x2eyP7SFDAQAB
        """,
      clientData: """
        eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQ1FrSkNRa0pDUWtKQ1FrSkNRa0pDUWtKQ1FrSkNRa0pDUWtKQ1FrSkNRayIsIm9yaWdpbi\
        I6Imh0dHA6Ly9sb2NhbGhvc3Q6ODk4NCIsImNyb3NzT3JpZ2luIjpmYWxzZX0
        """,
      authenticatorData: "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAg",
      signature: """
        rM0gnP5RcIVsGykXVni44sfc1r4D52OxVIPX-jcTxLTua3H92faS2D779Yz8M952wagnZB41aUt4XMEOklOfK_L4yGncizj0Xf3eXzp9vg0kASY0WnZE47\
        7Z4lH12-RWyGkWgLtsZVlpVjgv852WoqnIDX2-0EekMZ31zSryCPbhjvUe8qBgWXCIC9PIqj4IAxvDNhY39U7xQQvbjsXZKAJkCwcVgc1ZKtwg1txxeVEi\
        ZvXq2PV_d8w9pCGjFgAifqgrH-8ltYb7oy1ugX-k3RA28MB70LpUBug0XO-dqLAzQhlI69jQEpylAcXf2xig9ZOxIIaPb044vE7wgJnFJg
        """),
  ]
}
