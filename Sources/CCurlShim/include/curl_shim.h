#pragma once
#include <stddef.h>

/// A server, and how to speak to it. `user`, `password` and `ca_file` may be NULL.
typedef struct {
  const char *url, *user, *password, *ca_file;
  int requires_tls;      // by STARTTLS; `smtps:` has it from the first byte
  int verifies;          // the certificate, and that it bears the server's name
  long connect_seconds;  // until the connection stands
  long total_seconds;    // until the server has answered to the whole message, or to one question
} mail_server;

/// What happened.
typedef struct {
  int code;      // 0 when the server has taken the message, else libcurl's CURLcode
  long reply;    // the server's last reply code, 0 when it said nothing
  int started;   // whether the server asked for the message's text
  char *words;   // room for the server's last words, given by the caller
  size_t room;
} smtp_outcome;

/// Sends one message (RFC 5322, CRLF lines); blocks. `curl_easy_setopt` is variadic, which Swift cannot call.
void smtp_send(
  const mail_server *server, const char *from, const char *const *recipients, size_t count, const void *message, size_t length,
  smtp_outcome *outcome);

/// A conversation with an IMAP server, on one connection as far as the server lets it.
typedef struct imap_session imap_session;

/// NULL without memory. The texts of `server` are copied.
imap_session *imap_open(const mail_server *server);

/// Asks one question; blocks. `command` is NULL to fetch the message that `url` names. Of what comes, `bytes` holds at most `limit` bytes
/// until the next question; more is an error. Returns libcurl's CURLcode.
int imap_ask(imap_session *session, const char *url, const char *command, size_t limit, const void **bytes, size_t *length);

void imap_close(imap_session *session);
